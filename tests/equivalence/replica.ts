import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '#src/adapters/pino-log.ts';
import { createApp } from '#src/app.ts';
import { readConfig } from '#src/config/load-config.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { OutboxKind } from '#src/ports/job-queue.ts';
import type { Mail } from '#src/ports/mail-order.ts';
import type { Passwords } from '#src/ports/password-hasher.ts';
import type { Sql } from '#src/ports/sql.ts';
import { openRuntime, openStores, type Runtime } from '#src/services.ts';
import { createWorkerContext, type WorkerContext } from '#worker/context.ts';
import { deliverMail } from '#worker/deliver-mail.ts';
import { openRenderer } from '#worker/open-renderer.ts';
import { writeAudit } from '#worker/write-audit.ts';
import { PUBLIC_URL } from './translate.ts';

/** Limits that a short script can meet, by the names of their settings. */
export const limits = {
  LIMIT_REQUESTS: '25/60',
  LIMIT_CODE_REQUESTS: '5/3600',
  LIMIT_REGISTER: '3/3600',
  LIMIT_LOGIN: '5/600',
  LIMIT_VERIFY_OTP: '6/600',
  LIMIT_RESET_PASSWORD: '4/600',
  LIMIT_REFRESH: '4/600',
  LIMIT_STEP_UP: '4/600',
  LIMIT_VERIFY_FACTOR: '4/600',
  LIMIT_FACTORS: '4/3600',
  LIMIT_PASSKEY_OPTIONS: '4/600',
  LIMIT_PASSKEY_SIGN_IN: '4/600',
  LIMIT_PASSKEY_CHANGES: '4/600',
  LIMIT_WRONG_FACTORS: '2/86400',
  LIMIT_WRONG_PASSKEYS: '2/900',
  LIMIT_EXPORT: '2/3600',
  LIMIT_CHANGE_EMAIL: '1/86400',
  LIMIT_CONFIRM_EMAIL: '3/600',
  LIMIT_UNDO_EMAIL: '4/600',
  LIMIT_ADMIN: '3/600',
  LIMIT_CHANGE_PASSWORD: '4/3600',
  LIMIT_MAILED_CODES: '3/600',
  LIMIT_MAILED_CODES_DAY: '5/86400',
  LIMIT_MAILBOX: '4/600',
  LIMIT_MAILBOX_DAY: '6/86400',
  LIMIT_WRONG_CODES: '3/900',
  LIMIT_WRONG_PASSWORDS: '2/900',
  LIMIT_UNKNOWN_WRONG_CODES: '4/3600',
  LIMIT_UNKNOWN_WRONG_CODES_DAY: '6/86400',
  LIMIT_UNKNOWN_WRONG_PASSWORDS: '4/3600',
  LIMIT_GUESSES: '2',
  LIMIT_GUESSES_WITHOUT_ID: '2',
};

/** Replaces argon2, so that both replicas store the same hash of a password. */
const hash = async (password: string) => `hash of ${password}`;
const passwords: Passwords = {
  queue: () => ({ capacity: 1, reserved: 0, running: 0, waiting: 0, refused: 0 }),
  reserve: () => ({ start: async () => hash, [Symbol.dispose]() {} }),
  hash,
  verify: async (stored, password) => stored === `hash of ${password}`,
  renew: async (stored) => stored,
};

/** Takes `ARGV[1]` seconds off the life of all keys and windows, rounded up to whole seconds. */
const AGE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TYPE', key).ok == 'hash' then
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
      local taken, finish, kind = string.match(all[i + 1], '^(%d+) (%d+) (%a+)$')
      if taken then
        local left = math.ceil((finish - now) / 1000) - tonumber(ARGV[1])
        redis.call('HSET', key, all[i], string.format('%d %d %s', taken, now + left * 1000, kind))
      end
    end
  end
  local milliseconds = redis.call('PTTL', key)
  local left = math.ceil(milliseconds / 1000) - tonumber(ARGV[1])
  if milliseconds >= 0 then redis.call('EXPIRE', key, left) end
end
`;

interface ReplicaStores {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** A complete Gatehouse whose worker runs only when it is told to. */
export class Replica {
  url = '';
  /** Warnings and errors. */
  readonly logLines: string[] = [];
  runtime!: Runtime;
  worker!: WorkerContext;
  #server!: Server;
  #mails: Mail[] = [];
  readonly #running = new Set<Promise<void>>();

  async start(stores: ReplicaStores, clock: Clock): Promise<void> {
    const variables = {
      SECRET_KEY: 'secret of the tests',
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      PUBLIC_URL,
      FACTOR_RESET_HOURS: '1',
      TRUSTED_DEVICE_DAYS: '30',
      ...limits,
    };
    const config = readConfig(variables, 'development');
    const destination = { write: (line: string) => void this.logLines.push(line) };
    const replacements = { clock, log: createLog('warn', 'test', destination) };
    this.runtime = await openRuntime(config, replacements);
    const mailer = { send: async (mail: Mail) => void this.#mails.push(mail) };
    const opened = await openStores(config, 'gatehouse-worker', replacements);
    this.worker = createWorkerContext(opened, mailer, openRenderer(config));
    const jobs = { announce: () => undefined };
    const sql = Object.create(this.runtime.sql, { query: { value: this.#query } });
    this.#server = createServer(createApp({ ...this.runtime, jobs, passwords, sql }));
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  readonly #query: Sql['query'] = (...given) => {
    const asked = this.runtime.sql.query(...given);
    const settled = asked.then(
      () => void this.#running.delete(settled),
      () => void this.#running.delete(settled),
    );
    this.#running.add(settled);
    return asked;
  };

  /** Waits for statements that no response waits for. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    this.worker.redis.disconnect();
    await this.worker.orm.close(true);
    await this.runtime.close();
  }

  /** Deletes everything except the signing key. */
  async clear(): Promise<void> {
    await this.sql(
      'truncate accounts, api_keys, passkeys, sessions, audit_events, audit_counters, outbox_entries, redeemed_challenges, erasures, imported_accounts, email_changes, totp_factors, recovery_codes, factor_changes, trusted_devices, webhooks, webhook_deliveries',
    );
    await this.worker.redis.flushdb();
    this.logLines.length = 0;
  }

  /** Lets time pass in Redis, which has its own clock. 0 only rounds the time that has passed. */
  async age(seconds: number): Promise<void> {
    await this.worker.redis.eval(AGE, 0, seconds);
  }

  /** Sends the mails that wait in the outbox, in its order; returns them. */
  async sendMails(): Promise<readonly Mail[]> {
    for (const id of await this.#waiting('mail')) await deliverMail(this.worker, id);
    return this.#mails.splice(0);
  }

  /** Writes the audit log that waits in the outbox. */
  async writeAudit(): Promise<void> {
    await writeAudit(
      { em: this.worker.orm.em.fork(), tracing: undefined },
      await this.#waiting('audit'),
    );
  }

  /** Ends all deliveries to webhooks, which no worker sends. */
  async setDeliveriesAside(): Promise<void> {
    await this.sql("update webhook_deliveries set status = 'FAILED', ended_at = now()");
  }

  async #waiting(kind: OutboxKind): Promise<readonly string[]> {
    const waiting = await this.sql<{ id: string }>(
      'select id from outbox_entries where kind = ? and done_at is null order by id',
      [kind],
    );
    return waiting.map(({ id }) => id);
  }

  sql<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return this.worker.orm.em.fork().execute<Row[]>(statement, values);
  }
}
