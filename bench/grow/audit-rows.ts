import { AuditLogsDocument } from '../../client/generated/graphql.ts';
import { bearer, get } from '../client/raw-request.ts';
import { median } from '../measure/statistics.ts';
import { figure, type Row } from '../rows/row.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, type SignedIn, signIn } from '../setup/people.ts';

const PAGE = 20;
/** The page that is read by cursor and by number. */
const DEEP = 50_000;
const TURNS = 15;

/** Row 8: pages of the audit log. */
export async function auditRows(
  large: Lab,
  small: Lab,
  say: (line: string) => void,
): Promise<Row[]> {
  const [admin, smallAdmin] = [await signInAdmin(large), await signInAdmin(small)];
  const [counted] = await large.sql<{ count: number }>(
    'select count(*)::int as count from audit_events',
  );
  const deep = Math.min(DEEP, Math.floor((counted?.count ?? 0) / PAGE) - 1);
  const after = await cursorAt(large, deep * PAGE);
  const page = (person: SignedIn, variables: object) =>
    graphql(AuditLogsDocument, { first: PAGE, ...variables }, bearer(person.accessToken));
  const rest = (number: number | string) =>
    get(`/api/v1/audit/logs?page=${number}`, bearer(admin.accessToken));
  const times = await timesOf({
    first: [large, page(admin, {})],
    small: [small, page(smallAdmin, {})],
    deep: [large, page(admin, { after })],
    counted: [large, page(admin, { withTotalCount: true })],
    restDeep: [large, rest(deep)],
    restLast: [large, rest('last')],
  });
  say(
    `  ${Object.entries(times)
      .map(([name, time]) => `${name} ${figure(time)} ms`)
      .join(', ')}`,
  );
  const row = (title: string, atLeast: number, unit: string, value: number, detail = ''): Row => ({
    ...{ target: '8', title, atLeast: `≤ ${atLeast}${unit}`, aim: '' },
    ...{ figure: `${figure(value)}${unit}`, detail, met: value <= atLeast },
  });
  const inMs = (one: number, other: number) => `${figure(one)} / ${figure(other)} ms`;
  const { first, small: ofSmall, deep: ofDeep, restDeep, restLast } = times;
  return [
    row('audit page 1, large / 10k rows', 1.3, '', first / ofSmall, inMs(first, ofSmall)),
    row(`audit page ${deep} by cursor / page 1`, 1.3, '', ofDeep / first, inMs(ofDeep, first)),
    row(`REST audit page ${deep} by number`, 50, ' ms', restDeep),
    row('REST `page=last`', 50, ' ms', restLast),
    row('audit page 1 with `totalCount`', 50, ' ms', times.counted),
  ];
}

/** Returns the median latency of each request in milliseconds, in turn. */
async function timesOf<Name extends string>(
  questions: Readonly<Record<Name, readonly [lab: Lab, request: string]>>,
): Promise<Record<Name, number>> {
  const times = new Map<string, number[]>();
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [name, [{ client, server }, request]] of Object.entries<readonly [Lab, string]>(
      questions,
    )) {
      const { latency } = await client.run({
        ...{ port: server.port, connections: 1, requests: [request] },
        expected: { status: 200, text: 'OTP_' },
      });
      times.set(name, [...(times.get(name) ?? []), latency.p50]);
    }
  }
  const medians = [...times].map(([name, values]) => [name, median(values)]);
  return Object.fromEntries(medians) as Record<Name, number>;
}

/** Signs in a person who becomes an `ADMIN`. */
export async function signInAdmin({ client, server, sql }: Lab): Promise<SignedIn> {
  const [person] = await signIn(client, server.port, 1);
  if (!person) throw new Error('nobody signed in');
  await sql(`update accounts set role = 'ADMIN' where email = ?`, [person.email]);
  return person;
}

/** Returns the cursor of the event with so many newer ones. Its format is that of the API. */
async function cursorAt({ sql }: Lab, offset: number): Promise<string> {
  const [row] = await sql<{ id: string }>(
    'select id from audit_events order by id desc offset ? limit 1',
    [offset],
  );
  return Buffer.from(row?.id ?? '').toString('base64url');
}
