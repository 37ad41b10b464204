import { setTimeout as sleep } from 'node:timers/promises';
import { LoginDocument, UpdateProfileDocument } from '../../client/generated/graphql.ts';
import { bearer } from '../client/raw-request.ts';
import { cpuMicrosecondsWithEnded, foreignLoad, readCpuTimes } from '../machine/cpu-time.ts';
import { foreignNoise } from '../measure/figure.ts';
import { median } from '../measure/statistics.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, PASSWORD, register, type SignedIn } from '../setup/people.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { LOGINS as CONNECTIONS } from './login.ts';
import { figure, noteNoise } from './row.ts';

const LOGINS = 500;
/** Each makes one audit event and no mail, so that little hides the seals. */
const UPDATES = 6000;
const ROUNDS = 5;
/** `LOGIN_SUCCEEDED` and `OTP_REQUESTED`. */
const EVENTS_OF_LOGIN = 2;

/**
 * The share of sealing the audit log in the CPU time of `login`: the CPU time of worker and
 * PostgreSQL per audit event with seals and without them, in turn.
 */
export const sealing: Block = async (lab, { say }) => {
  const before = readCpuTimes();
  const people = await register(lab.client, lab.server.port, 32);
  const [postgres] = await lab.sql<{ pid: number }>(
    `select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`,
  );
  if (!postgres) throw new Error('PostgreSQL does not tell its process');
  const pids = [lab.worker.pid, postgres.pid];
  const updates = () => updatesOf(people);
  await costOf(lab, pids, updates(), true);
  const differences: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await costOf(lab, pids, updates(), false);
    const sealed = await costOf(lab, pids, updates(), true);
    say(`  ${figure(sealed)} µs per audit event, ${figure(plain)} µs without seals`);
    differences.push(sealed - plain);
  }
  const login = await costOf(lab, [lab.server.pid, ...pids], loginsOf(people), true);
  const cost = median(differences) * EVENTS_OF_LOGIN;
  const share = (100 * cost) / login;
  const [lowest, highest] = [Math.min, Math.max].map((limit) =>
    figure(limit(...differences) * EVENTS_OF_LOGIN),
  );
  const row = {
    ...{ target: '–', title: 'sealing of the audit log / CPU time of `login`' },
    ...{ atLeast: '≤ 3 %', aim: '≤ 1 %', figure: `${figure(share)} %`, met: share <= 3 },
    detail: `${figure(cost)} of ${figure(login)} µs; rounds from ${lowest} to ${highest} µs`,
  };
  return { rows: [noteNoise(foreignNoise(foreignLoad(before, readCpuTimes())), row)] };
};

let names = 0;
const updatesOf = (people: readonly SignedIn[]) => ({
  requests: Array.from({ length: UPDATES }, (_, index) => {
    const { accessToken = '' } = people[index % people.length] ?? {};
    const input = { firstName: `Ada ${++names}` };
    return graphql(UpdateProfileDocument, { input }, bearer(accessToken));
  }),
  expected: { status: 200, text: '"Ada ' },
});

const loginsOf = (people: readonly SignedIn[]) => ({
  requests: Array.from({ length: LOGINS }, (_, index) => {
    const { email = '' } = people[index % people.length] ?? {};
    return graphql(LoginDocument, { input: { email, password: PASSWORD } });
  }),
  expected: responses.challenge,
});

/**
 * Sends requests, and waits until their events are in the audit log and sealed. Returns the CPU time
 * of the processes in microseconds per request.
 */
async function costOf(
  { client, server, sql }: Lab,
  pids: readonly number[],
  load: ReturnType<typeof updatesOf | typeof loginsOf>,
  sealed: boolean,
): Promise<number> {
  await sql(`alter table audit_events ${sealed ? 'enable' : 'disable'} trigger user`);
  const cpu = () => pids.reduce((sum, pid) => sum + cpuMicrosecondsWithEnded(pid), 0);
  const start = cpu();
  await client.run({ port: server.port, connections: CONNECTIONS, ...load });
  const until = async (isDone: string) => {
    while ((await sql(`select 1 where ${isDone}`)).length === 0) await sleep(100);
  };
  await until('not exists (select from outbox_entries where done_at is null)');
  await sql(`update scheduled_work set due_at = now() where name = 'seal-audit-log'`);
  await until(`exists (select from scheduled_work where name = 'seal-audit-log'
    and due_at > now() and leased_until is null)`);
  const cost = (cpu() - start) / load.requests.length;
  const waiting = await sql('select 1 from audit_unsealed limit 1');
  if (waiting.length > 0) throw new Error('rows of the audit log are not sealed');
  return cost;
}
