import { setTimeout as sleep } from 'node:timers/promises';
import { LoginDocument } from '../../client/generated/graphql.ts';
import { cpuMicroseconds, foreignLoad, readCpuTimes } from '../machine/cpu-time.ts';
import { foreignNoise } from '../measure/compare.ts';
import { median } from '../measure/statistics.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, PASSWORD, register } from '../setup/people.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { LOGINS as CONNECTIONS } from './login.ts';
import { figure, unlessNoisy } from './row.ts';

const LOGINS = 1000;
const ROUNDS = 5;

/** CPU time in microseconds per login. */
interface Cost {
  readonly server: number;
  /** The worker's and PostgreSQL's, which seal. */
  readonly rest: number;
}

/**
 * The share of sealing the audit log in the CPU time of logins: with it against without it, in turn.
 * Hashing takes most of the server's time and differs by more than that, so it counts in the whole
 * only.
 */
export const sealing: Block = async (lab, { say }) => {
  const before = readCpuTimes();
  const people = await register(lab.client, lab.server.port, 32);
  const emails = people.map(({ email }) => email);
  const [postgres] = await lab.sql<{ pid: number }>(
    `select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`,
  );
  if (!postgres) throw new Error('PostgreSQL does not tell its process');
  const rounds: { sealed: Cost; plain: Cost }[] = [];
  await costOf(lab, postgres.pid, emails, true);
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await costOf(lab, postgres.pid, emails, false);
    const sealed = await costOf(lab, postgres.pid, emails, true);
    rounds.push({ sealed, plain });
    say(
      `  worker and PostgreSQL ${figure(sealed.rest)} µs, ${figure(plain.rest)} µs without seals`,
    );
  }
  const cost = median(rounds.map(({ sealed, plain }) => sealed.rest - plain.rest));
  const whole = median(rounds.map(({ sealed }) => sealed.server + sealed.rest));
  const share = (100 * cost) / whole;
  const row = {
    ...{ target: '19', title: 'sealing of the audit log / CPU time of `login`' },
    ...{ atLeast: '≤ 3 %', aim: '≤ 1 %', figure: `${figure(share)} %`, met: share <= 3 },
    detail: `${figure(cost)} of ${figure(whole)} µs`,
  };
  return { rows: [unlessNoisy(foreignNoise(foreignLoad(before, readCpuTimes())), row)] };
};

/** Signs in `LOGINS` times, and waits until all events are in the audit log and sealed. */
async function costOf(
  { client, server, worker, sql }: Lab,
  postgres: number,
  emails: readonly string[],
  sealed: boolean,
): Promise<Cost> {
  await sql(`alter table audit_events ${sealed ? 'enable' : 'disable'} trigger user`);
  const cpu = () => ({
    server: cpuMicroseconds(server.pid),
    rest: cpuMicroseconds(worker.pid) + cpuMicroseconds(postgres),
  });
  const start = cpu();
  await client.run({
    port: server.port,
    connections: CONNECTIONS,
    requests: Array.from({ length: LOGINS }, (_, index) => {
      const email = emails[index % emails.length] ?? '';
      return graphql(LoginDocument, { input: { email, password: PASSWORD } });
    }),
    expected: responses.challenge,
  });
  const until = async (isDone: string) => {
    while ((await sql(`select 1 where ${isDone}`)).length === 0) await sleep(100);
  };
  await until('not exists (select from outbox_entries where done_at is null)');
  await sql(`update scheduled_work set due_at = now() where name = 'seal-audit-log'`);
  await until(`exists (select from scheduled_work where name = 'seal-audit-log'
    and due_at > now() and leased_until is null)`);
  const end = cpu();
  const waiting = await sql('select 1 from audit_unsealed limit 1');
  if (waiting.length > 0) throw new Error('rows of the audit log are not sealed');
  return { server: (end.server - start.server) / LOGINS, rest: (end.rest - start.rest) / LOGINS };
}
