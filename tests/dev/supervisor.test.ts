import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { askSupervisor, socketIn } from '#src/adapters/supervisor-socket.ts';
import {
  afterwards,
  isAlive,
  password,
  redisOfThisMachine,
  until,
  useSharedDirectory,
} from './place.ts';

const sharedDirectory = useSharedDirectory();

const PROCESSES = ['server', 'worker', 'redis', 'postgres'];

/** Starts a supervisor. `failing` names the script that fails. */
async function start(directory: string, failing = '') {
  // Fetched before, so that it does not count as a part of the start.
  await redisOfThisMachine();
  const script = join(import.meta.dirname, 'scripts/supervise.ts');
  const cache = resolve(import.meta.dirname, '../../.data');
  const args = [script, directory, password, cache, failing];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const exited = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const pids = async () => {
    const { processes = {} } = (await askSupervisor(socketIn(directory))) ?? {};
    return PROCESSES.map((name) => processes[name] ?? 0);
  };
  afterwards(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const shows = (text: string) => until(text, () => said.includes(text));
  return { child, exited, pids, shows, said: () => said };
}

it('starts everything in order, and ends everything in order at Ctrl-C', async () => {
  const directory = sharedDirectory();
  const { child, exited, pids, shows, said } = await start(directory);
  await shows('everything runs');
  const all = await pids();
  expect(all.filter(isAlive)).toHaveLength(4);
  await shows('worker   | up redis://');

  child.kill('SIGINT');
  await shows('Stopping …');
  child.kill('SIGINT'); // npm passes on the signal that the terminal has sent too
  expect(await exited).toBe(0);
  expect(all.filter(isAlive)).toEqual([]);
  const order = [
    'migrate  | migrating postgres://',
    'server   | up',
    'everything runs',
    'Stopping …',
  ];
  order.push('server   | bye', 'worker   | bye');
  const places = order.map((line) => said().indexOf(line));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places).not.toContain(-1);
});

it('kills processes that do not end when Ctrl-C is pressed again', async () => {
  const { child, exited, pids, shows } = await start(sharedDirectory(), 'end');
  await shows('everything runs');
  await shows('worker   | up');
  const all = await pids();
  child.kill('SIGINT');
  await shows('server   | does not end');
  await sleep(600);
  const begin = Date.now();
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(Date.now() - begin).toBeLessThan(2_000);
  expect(all.filter(isAlive)).toEqual([]);
});

it('lets only one run in a directory', async () => {
  const directory = sharedDirectory();
  const first = await start(directory);
  await first.shows('everything runs');
  const second = await start(directory);
  expect(await second.exited).toBe(1);
  expect(second.said()).toBe(
    `Gatehouse is already running in ${directory} (process ${first.child.pid}): stop it first\n`,
  );
  expect((await first.pids()).filter(isAlive)).toHaveLength(4);
});

it.each([
  ['migrate', 'migrate failed (code 3). The lines above show the reason.'],
  ['server', 'server ended (code 3) before it was ready'],
])('ends all processes when the %s fails, and reports why in one line', async (name, reason) => {
  const directory = sharedDirectory();
  const { exited, said, shows, pids } = await start(directory, name);
  await shows('cannot go on');
  const all = await pids();
  expect(await exited).toBe(1);
  expect(said()).toMatch(
    new RegExp(`${name.padEnd(8)} \\| cannot go on\n${RegExp.escape(reason)}\n$`),
  );
  expect(all.filter(isAlive)).toEqual([]);
});

it('leaves no process behind when it is ended during its start', async () => {
  const directory = sharedDirectory();
  const { child, exited, pids } = await start(directory);
  await until('PostgreSQL', async () => (await pids())[3] !== 0);
  const all = await pids();
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  await sleep(50);
  expect(all.filter(isAlive)).toEqual([]);
});
