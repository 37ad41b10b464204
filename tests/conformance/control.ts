import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { openOrm } from '#src/db/orm.ts';
import { everyRow, everyValue } from '#tests/support/dump.ts';
import type { Installation } from '#tests/support/installation.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import type { OwnStore } from '#tests/support/own-stores.ts';

/** Actions on an installation. The command prints the value that an action resolves to. */
type Action = () => Promise<string | undefined>;

export interface Control {
  /** A shell command for each action; it returns when that is done. */
  readonly commands: Readonly<Record<string, string>>;
  /** Reports a failed action: the checks cannot tell a failed command from one without output. */
  readonly failures: readonly unknown[];
  close(): void;
}

/** Lets shell commands reach the processes and the stores of an installation. */
export async function startControl({ stores, servers, workers }: Installation): Promise<Control> {
  const actions: Record<string, Action> = {
    CHECK_CMD_REDIS_RESTART: () => restart(stores.redis),
    CHECK_CMD_PG_RESTART: () => restart(stores.postgres),
    CHECK_CMD_SERVER_KILL9: () => kill(servers),
    CHECK_CMD_SERVER_START: () => start(servers),
    CHECK_CMD_WORKER_KILL9: () => kill(workers),
    CHECK_CMD_WORKER_START: () => start(workers),
    CHECK_CMD_DUMP_REDIS: () => dumpRedis(stores.redis.url),
    CHECK_CMD_DUMP_PG: () => dumpPostgres(stores.postgres.url),
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

async function restart(store: OwnStore): Promise<undefined> {
  await store.kill();
  await store.restart();
}

async function kill(processes: readonly ManagedProcess[]): Promise<undefined> {
  for (const instance of processes) instance.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
}

async function start(processes: readonly ManagedProcess[]): Promise<undefined> {
  for (const instance of processes) instance.start();
  await Promise.all(processes.map((instance) => instance.ready()));
}

async function dumpRedis(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    return await everyValue(redis);
  } finally {
    redis.disconnect();
  }
}

async function dumpPostgres(url: string): Promise<string> {
  const orm = await openOrm(url, 'dump');
  try {
    return await everyRow(orm);
  } finally {
    await orm.close(true);
  }
}
