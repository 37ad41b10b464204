import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  askSupervisor,
  type RunningSupervisor,
  socketIn,
} from '#src/adapters/supervisor-socket.ts';

/**
 * Makes this process the only supervisor of a data directory, and responds on
 * `run/supervisor.sock`.
 * @returns a function that releases the lock
 */
export async function takeLock(
  directory: string,
  describe: () => Omit<RunningSupervisor, 'pid'>,
): Promise<() => void> {
  const socket = socketIn(directory);
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  // SQLite uses a kernel lock: it ends with the process, and only one of several concurrent starts
  // gets it.
  const database = new DatabaseSync(join(dirname(socket), 'lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    const isBusy = (cause as { errcode?: number }).errcode === 5;
    if (!isBusy) throw cause;
    const pid = (await askSupervisor(socket))?.pid ?? 'just started';
    const problem = `Gatehouse is already running in ${directory} (process ${pid})`;
    throw new Error(`${problem}: stop it first`, { cause });
  }
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.end(JSON.stringify({ pid: process.pid, ...describe() }));
  });
  rmSync(socket, { force: true });
  // A relative path, because the system allows about 100 characters.
  server.listen(relative('', socket)).unref();
  await once(server, 'listening');
  return () => {
    server.close();
    database.close();
  };
}
