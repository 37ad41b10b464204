import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readRecord, recordFile } from '#dev/run-files.ts';
import {
  afterwards,
  lives,
  password,
  redisOfThisMachine,
  until,
  useSharedDirectory,
} from './place.ts';

const sharedDirectory = useSharedDirectory();

const PARTS = ['server', 'worker', 'redis', 'postgres'];

async function house(directory: string, failing = '') {
  await redisOfThisMachine(); // fetched before, not within the time of a start
  const script = join(import.meta.dirname, 'scripts/house.ts');
  const cache = resolve(import.meta.dirname, '../../.data');
  const args = [script, directory, password, cache, failing];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part));
  const exited = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const pids = () => PARTS.map((name) => readRecord(recordFile(directory, name))?.pid ?? 0);
  afterwards(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  const shows = (text: string) => until(text, () => said.includes(text));
  return { child, exited, pids, shows, said: () => said };
}

it('starts everything in order, and ends everything in order at Ctrl-C', async () => {
  const directory = sharedDirectory();
  const { child, exited, pids, shows, said } = await house(directory);
  await shows('everything runs');
  const all = pids();
  expect(all.filter(lives)).toHaveLength(4);
  await shows('worker   | up redis://');

  child.kill('SIGINT');
  await shows('Ending …');
  child.kill('SIGINT'); // npm passes on what the terminal has already sent
  expect(await exited).toBe(0);
  expect(all.filter(lives)).toEqual([]);
  const order = [
    'migrate  | migrating postgres://',
    'server   | up',
    'everything runs',
    'Ending …',
  ];
  order.push('server   | bye', 'worker   | bye');
  const places = order.map((line) => said().indexOf(line));
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  expect(places).not.toContain(-1);
});

it('kills what does not end when Ctrl-C is pressed again', async () => {
  const { child, exited, pids, shows } = await house(sharedDirectory(), 'end');
  await shows('everything runs');
  await shows('worker   | up');
  const all = pids();
  child.kill('SIGINT');
  await shows('server   | does not end');
  await sleep(600);
  const begin = Date.now();
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(Date.now() - begin).toBeLessThan(2_000);
  expect(all.filter(lives)).toEqual([]);
});

it('lets only one run in a directory', async () => {
  const directory = sharedDirectory();
  const first = await house(directory);
  await first.shows('everything runs');
  const second = await house(directory);
  expect(await second.exited).toBe(1);
  expect(second.said()).toBe(
    `Gatehouse already runs in ${directory} (process ${first.child.pid}): stop it first\n`,
  );
  expect(first.pids().filter(lives)).toHaveLength(4);
});

it.each([
  ['migrate', 'migrate failed (code 3)'],
  ['server', 'server ended (code 3) before it was ready'],
])('ends what it has started when the %s fails, and says why in one line', async (part, why) => {
  const directory = sharedDirectory();
  const { exited, said, shows, pids } = await house(directory, part);
  await shows('cannot go on');
  const all = pids();
  expect(await exited).toBe(1);
  expect(said()).toMatch(
    new RegExp(`${part.padEnd(8)} \\| cannot go on\n${RegExp.escape(why)}\n$`),
  );
  expect(all.filter(lives)).toEqual([]);
});

it('leaves nothing behind when it is ended in the middle of its start', async () => {
  const directory = sharedDirectory();
  const { child, exited, pids } = await house(directory);
  await until('PostgreSQL', () => pids()[3] !== 0);
  const all = pids();
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  await sleep(50);
  expect([...all, ...pids()].filter((pid) => pid && lives(pid))).toEqual([]);
});
