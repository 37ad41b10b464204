import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateProfileDocument } from '../../client/generated/graphql.ts';
import { bearer } from '../client/raw-request.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Lab } from '../setup/lab.ts';
import { graphql, newAddresses, requestCodes, type SignedIn, signIn } from '../setup/people.ts';
import type { Block } from './block.ts';
import { rateRow } from './row.ts';

/** Entries that wait for the worker. */
const EVENTS = 6000;
const MAILS = 2000;

/** Row 11: the rate at which one worker handles announced entries. */
export const worker: Block = async (lab, options) => {
  const people = await signIn(lab.client, lab.server.port, 64);
  const contenders = [auditContender(lab, people), mailContender(lab)] as const;
  const titles = { events: 'audit events by one worker', mails: 'mails by one worker' };
  const { results, rows } = await compare(contenders, options, ([events, mails]) => [
    rateRow({ target: '11', title: titles.events, atLeast: 3000, aim: 10_000 }, events),
    rateRow({ target: '11', title: titles.mails, atLeast: 300, aim: 1000 }, mails),
  ]);
  return { rows, costs: results };
};

interface Backlog {
  readonly count: number;
  /** Creates `count` entries. */
  produce(): Promise<unknown>;
  /** @throws Error if something did not arrive */
  prove(): Promise<void>;
}

/** Resumes a stopped worker, and measures until the outbox is empty. */
function backlog(
  { worker: { pid, process }, sql }: Lab,
  name: string,
  { count, produce, prove }: Backlog,
): Contender {
  const untilEmpty = async () => {
    const ask = () => sql('select 1 from outbox_entries where done_at is null limit 1');
    // Asking all the time would take half of the core that the worker needs.
    while ((await ask()).length > 0) await sleep(10);
  };
  return {
    name,
    pid,
    async prepare() {
      await untilEmpty();
      process.kill('SIGSTOP');
      await produce();
    },
    async run() {
      const startedAt = performance.now();
      process.kill('SIGCONT');
      await untilEmpty();
      const seconds = (performance.now() - startedAt) / 1000;
      await prove();
      return { count, seconds };
    },
  };
}

function auditContender(lab: Lab, people: readonly SignedIn[]): Contender {
  const { client, server, sql } = lab;
  let changes = 0;
  return backlog(lab, 'audit events, worker', {
    count: EVENTS,
    produce: () =>
      client.run({
        port: server.port,
        connections: 32,
        requests: Array.from({ length: EVENTS }, (_, index) => {
          const { accessToken = '' } = people[index % people.length] ?? {};
          const input = { firstName: `Ada ${++changes}` };
          return graphql(UpdateProfileDocument, { input }, bearer(accessToken));
        }),
        expected: { status: 200, text: '"Ada ' },
      }),
    async prove() {
      const rows = await sql(`select 1 from audit_events where event = 'PROFILE_UPDATED'`);
      if (rows.length !== changes) throw new Error(`${rows.length} of ${changes} audit events`);
    },
  });
}

/** Each mail comes with an audit event. */
function mailContender(lab: Lab): Contender {
  let emails: string[] = [];
  return backlog(lab, 'mails, worker', {
    count: MAILS,
    produce() {
      emails = newAddresses(MAILS);
      return requestCodes(lab.client, lab.server.port, emails);
    },
    prove: () => lab.client.mailsTo(emails),
  });
}
