import { beforeAll, beforeEach } from 'vitest';
import { smallestIdAt } from '#src/audit/id-range.ts';
import { sealEvents } from '#src/audit/seal-events.ts';
import type { ChainReport } from '#src/audit/verify-chain.ts';
import type { Mailer } from '#src/ports/mail-order.ts';
import { schedule } from '#worker/scheduled-jobs.ts';
import { goingOn, openWorker } from '../worker/open-worker.ts';
import type { TestApp } from './app.ts';
import { command } from './command.ts';

/** Result and exit code of `audit verify`. */
interface Verified extends ChainReport {
  readonly code: number;
}

/** The audit log of an app: before each test, twelve events under three seals after the first. */
export class SealedLog {
  /** Ids of the events, in the order in which they were sealed. */
  ids: string[] = [];
  readonly #app: TestApp;

  constructor(app: TestApp) {
    this.#app = app;
    beforeAll(() => this.#takeLease());
    beforeEach(() => this.#fill());
  }

  /** Keeps the worker of the app from sealing, which adds a seal of its own. */
  async #takeLease(): Promise<void> {
    const statement = `insert into scheduled_work as work (name, due_at, leased_until)
       values ('seal-audit-log', now(), now() + interval '1 hour')
       on conflict (name) do update set leased_until = excluded.leased_until
         where work.leased_until is null or work.leased_until <= now()
       returning name`;
    await this.#app.eventually(async () => (await this.#app.sql(statement)).length === 1);
  }

  async #fill(): Promise<void> {
    await this.#app.sql('truncate audit_events, audit_unsealed, audit_seals');
    const worker = await openWorker(this.#app);
    this.ids = [];
    for (const seal of [1, 2, 3]) {
      for (const row of [1, 2, 3, 4]) {
        const id = eventId(Date.now() + seal, row);
        this.ids.push(id);
        await this.insert(id);
      }
      await sealEvents(worker, 100);
    }
  }

  async insert(id: string): Promise<void> {
    await this.#app.sql(
      `insert into audit_events
         (id, event, email, ip_address, user_agent, metadata, created_at, account_id)
       values (?, 'LOGGED_OUT', 'ada@example.com', '127.0.0.1', 'Firefox', '{"a": {"b": 1}}', now(),
         gen_random_uuid())`,
      [id],
    );
  }

  /** Runs a job of the worker once. */
  async runJob(name: string, config: object = {}, mailer?: Mailer): Promise<void> {
    const worker = await openWorker(this.#app);
    const job = schedule.find((each) => each.name === name);
    const changed = { config: { ...worker.config, ...config }, mailer: mailer ?? worker.mailer };
    await job?.run({ ...worker, ...changed }, goingOn);
  }

  async verify(words = '', variables = {}): Promise<Verified> {
    const options = { variables };
    const { code, output } = await command(this.#app, 'audit', `verify --json ${words}`, options);
    // The message of a failure follows the report.
    return { ...JSON.parse(output.slice(0, output.lastIndexOf('}') + 1)), code };
  }
}

/** Returns the id of an event at this time, in Unix milliseconds. */
export const eventId = (milliseconds: number, end = 1): string =>
  smallestIdAt(milliseconds).replace(
    /0000-0000-0{12}$/,
    `7000-8000-${String(end).padStart(12, '0')}`,
  );
