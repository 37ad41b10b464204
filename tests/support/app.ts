import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DestinationStream } from 'pino';
import { afterAll, beforeAll, inject } from 'vitest';
import { createPasswords } from '#src/adapters/argon2.ts';
import { openTracing } from '#src/adapters/open-tracing.ts';
import { createLog } from '#src/adapters/pino-log.ts';
import { createApp } from '#src/app.ts';
import { readConfig } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';
import { createBoundedServer } from '#src/http/connections.ts';
import { openRuntime, type Runtime } from '#src/services.ts';
import { startWorker, type Worker } from '#worker/worker.ts';
import type { TypedDocumentString } from '../../client/generated/graphql.ts';
import { cheapParameters } from './cheap-passwords.ts';
import { createClock, type TestClock } from './clock.ts';
import { newDatabase } from './database.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { type Answer, type RequestOptions, request } from './request.ts';

export interface GraphqlOptions extends Omit<RequestOptions, 'method' | 'body'> {
  readonly token?: string;
}

export interface GraphqlAnswer<Data = Record<string, unknown>> extends Answer {
  readonly data: Data | null | undefined;
  readonly errors: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
  /** Code of the first error. */
  readonly code: unknown;
}

interface TestAppOptions {
  /** Hashes passwords as expensively as production does. */
  readonly fullHashes?: boolean;
}

/** Gatehouse as its users meet it: over HTTP and mail, on stores that are its alone. */
export class TestApp {
  readonly clock: TestClock = createClock();
  readonly logLines: string[] = [];
  url = '';
  mails!: MailServer;
  runtime!: Runtime;
  #server!: Server;
  #worker: Worker | undefined;
  #traces: Awaited<ReturnType<typeof openTracing>>;
  readonly #variables: Record<string, string>;
  readonly #options: TestAppOptions;

  constructor(variables: Record<string, string>, options: TestAppOptions = {}) {
    this.#variables = { ...productionLimits, ...variables };
    this.#options = options;
  }

  async start(): Promise<void> {
    this.mails = await startMailServer();
    const config = readConfig(
      { SECRET_KEY: 'secret of the tests', SMTP_URL: this.mails.url, ...this.#variables },
      'development',
    );
    const destination: DestinationStream = { write: (line) => void this.logLines.push(line) };
    const log = createLog('debug', 'test', destination);
    this.#traces = await openTracing(config, 'gatehouse', log);
    const replacements = { clock: this.clock, log, tracing: this.#traces?.tracing };
    const runtime = await openRuntime(config, replacements);
    this.runtime = this.#options.fullHashes
      ? runtime
      : {
          ...runtime,
          passwords: await createPasswords(config.threads, replacements.log, cheapParameters),
        };
    this.#worker = await startWorker(config, replacements);
    this.#server = createBoundedServer(
      createApp(this.runtime),
      // A test that computes for long must not lose its connections to the timeout.
      { ...config, keepAlive: 60 },
      this.runtime,
    ).listen(Number(this.#variables.PORT ?? 0), '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#worker?.close(2000);
    await this.runtime.close();
    await this.#traces?.close();
    await this.mails.close();
  }

  fetch(path: string, options?: RequestOptions): Promise<Answer> {
    return request(this.url + path, options);
  }

  async graphql<Data = Record<string, unknown>>(
    query: string,
    variables: unknown = {},
    { token, headers, ...options }: GraphqlOptions = {},
  ): Promise<GraphqlAnswer<Data>> {
    const answer = await this.fetch('/graphql', {
      ...options,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = answer.text.startsWith('{') ? JSON.parse(answer.text) : {};
    return { ...answer, data, errors, code: errors[0]?.extensions?.code };
  }

  /** Sends one of the typed documents that frontends use. */
  run<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    options?: GraphqlOptions,
  ): Promise<GraphqlAnswer<Data>> {
    return this.graphql<Data>(document.toString(), variables, options);
  }

  /** Exports the spans that have ended. */
  endTraces = async (): Promise<void> => this.#traces?.close();

  /** Prints the metrics of the worker. */
  readWorkerMetrics = async (): Promise<string> => (await this.#worker?.readMetrics()) ?? '';

  sql<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return this.runtime.orm.em.fork().execute<Row[]>(statement, values);
  }

  /** Waits until every mail was sent, or has failed once. */
  mailsDelivered = () => this.#completed('mail');

  /** Waits until every audit event is in the audit log, or has failed once. */
  auditWritten = () => this.#completed('audit');

  async #completed(kind: 'mail' | 'audit'): Promise<void> {
    await this.eventually(async () => {
      const [row] = await this.sql<{ waiting: string }>(
        'select count(*) as waiting from outbox_entries where kind = ? and done_at is null and last_error is null',
        [kind],
      );
      return Number(row?.waiting) === 0;
    });
  }

  /** Waits until `check` returns a value. @param seconds longest wait; a process starts slowly */
  async eventually<T>(
    check: () => Promise<T | undefined | false> | T | undefined | false,
    seconds = 5,
  ): Promise<T> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const found = await check();
      if (found) return found;
      if (Date.now() > end) throw new Error(`nothing came in ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}

/** The limits of production: development's are wider. */
const productionLimits = Object.fromEntries(
  Object.values<Setting>(settings)
    .filter(({ variable }) => variable.startsWith('LIMIT_'))
    .map(({ variable, fallback = '' }) => [
      variable,
      typeof fallback === 'string' ? fallback : fallback.production,
    ]),
);

let addresses = 0;
/** An e-mail address that nobody has used before. */
export const newAddress = (): string => `person-${++addresses}-${randomInt(1e9)}@example.com`;

/** A client address that nobody has used before. */
export const newClient = (): string =>
  `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;

/** An application for the tests of one file, with a database and a Redis of its own. */
export function useApp(variables: Record<string, string> = {}, options?: TestAppOptions): TestApp {
  const database = newDatabase();
  // Each test process has one Redis database, and runs one file at a time.
  const redisUrl = new URL(`/${1 + Number(process.env.VITEST_POOL_ID ?? 0)}`, inject('redisUrl'));
  const stores = { DATABASE_URL: database.url, REDIS_URL: redisUrl.href };
  const app = new TestApp({ ...stores, ...variables }, options);

  beforeAll(async () => {
    await database.create();
    await app.start();
    // The connection may not be there yet, and commands do not wait for it.
    await app.eventually(() => app.runtime.redis.flushdb().catch(() => undefined));
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });
  return app;
}
