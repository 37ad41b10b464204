import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { openOrm } from '#src/db/orm.ts';
import { everyRow, everyValue } from '#tests/support/dump.ts';
import { killAll, type ManagedProcess, startAll } from '#tests/support/managed-process.ts';
import type { OwnStore, OwnStores } from '#tests/support/own-stores.ts';

/** An action on an installation. The command prints the value that it resolves to. */
type Action = () => Promise<string | undefined>;

/** Actions by the names of their commands. */
export type Actions = Readonly<Record<string, Action>>;

export interface Control {
  /** A shell command for each action; it returns when that is done. */
  readonly commands: Readonly<Record<string, string>>;
  /** Reports a failed action: the checks cannot tell a failed command from one without output. */
  readonly failures: readonly unknown[];
  close(): void;
}

/** The processes of an installation. */
interface Instances {
  readonly servers: readonly ManagedProcess[];
  readonly workers: readonly ManagedProcess[];
}

/** Lets shell commands reach the processes and, by further actions, the stores of an installation. */
export async function startControl(
  { servers, workers }: Instances,
  more: Actions,
): Promise<Control> {
  const actions: Actions = {
    CHECK_CMD_SERVER_KILL9: done(() => killAll(servers)),
    CHECK_CMD_SERVER_START: done(() => startAll(servers)),
    CHECK_CMD_WORKER_KILL9: done(() => killAll(workers)),
    CHECK_CMD_WORKER_START: done(() => startAll(workers)),
    ...more,
  };
  const failures: unknown[] = [];
  const act = (name: string) => actions[name]?.().catch((error) => void failures.push(error));
  const server = createServer(({ url = '' }, response) => {
    void act(url.slice(1))?.then((text) => response.end(text));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const command = (name: string) => {
    const ask = `fetch("http://127.0.0.1:${port}/${name}").then((answer) => answer.text())`;
    return `'${process.execPath}' -e '${ask}.then((text) => process.stdout.write(text))'`;
  };
  return {
    commands: Object.fromEntries(Object.keys(actions).map((name) => [name, command(name)])),
    failures,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Actions on a single PostgreSQL and a single Redis. */
export const storeActions = ({ redis, postgres }: OwnStores): Actions => ({
  CHECK_CMD_REDIS_RESTART: done(() => restart(redis)),
  CHECK_CMD_PG_RESTART: done(() => restart(postgres)),
  CHECK_CMD_DUMP_REDIS: () => dumpRedis([redis.url]),
  CHECK_CMD_DUMP_PG: () => dumpPostgres(postgres.url),
});

/** Makes an action that prints nothing. */
export const done =
  (action: () => Promise<unknown>): Action =>
  async () => {
    await action();
    return undefined;
  };

/** Kills a store and starts it again. */
export async function restart(store: Pick<OwnStore, 'kill' | 'restart'>): Promise<void> {
  await store.kill();
  await store.restart();
}

/** Dumps every Redis that has keys. */
export async function dumpRedis(urls: readonly string[]): Promise<string> {
  const texts = urls.map(async (url) => {
    const redis = new Redis(url);
    try {
      return await everyValue(redis);
    } finally {
      redis.disconnect();
    }
  });
  return (await Promise.all(texts)).join('\n');
}

export async function dumpPostgres(url: string): Promise<string> {
  const orm = await openOrm(url, 'dump');
  try {
    return await everyRow(orm);
  } finally {
    await orm.close(true);
  }
}
