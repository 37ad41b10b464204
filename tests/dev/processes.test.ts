import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sweepLeftovers } from '#dev/leftovers.ts';
import { takeLock } from '#dev/lock.ts';
import { identify } from '#dev/process-identity.ts';
import { launch } from '#dev/processes.ts';
import { recordFile, runDirectory, writeRecord } from '#dev/run-files.ts';
import { afterwards, idleProcess, lives, temporaryDirectory, until } from './place.ts';

function recorded(directory: string, name: string, pid: number, identity = identify(pid) ?? '') {
  writeRecord(recordFile(directory, name), { name, pid, identity, stopSignal: 'SIGTERM' });
  return pid;
}

function stubborn(directory: string, stopWithin: number) {
  const script =
    "process.on('SIGTERM', () => console.log('no')); setInterval(() => 0, 1e6); console.log('up')";
  const running = launch({
    name: 'worker',
    directory,
    command: process.execPath,
    args: ['-e', script],
    stopSignal: 'SIGTERM',
    stopWithin,
    spawn: { stdio: ['ignore', 'pipe', 'ignore'] },
  });
  afterwards(running.kill);
  return running;
}

it('ends what a killed supervisor left behind, who uses a thing before the thing', async () => {
  const directory = temporaryDirectory();
  const names = ['postgres', 'worker', 'redis', 'server'];
  const pids = names.map((name) => recorded(directory, name, idleProcess()));

  expect(await sweepLeftovers(directory)).toEqual(['server', 'worker', 'redis', 'postgres']);
  expect(pids.filter(lives)).toEqual([]);
  expect(readdirSync(runDirectory(directory))).toEqual([]);
});

it('never kills a process that only has the same pid', async () => {
  const directory = temporaryDirectory();
  const stranger = recorded(directory, 'server', idleProcess(), 'another-boot:12345');
  expect(await sweepLeftovers(directory)).toEqual([]);
  expect(lives(stranger)).toBe(true);
  expect(existsSync(recordFile(directory, 'server'))).toBe(false);
});

it('passes over a pid file that was cut short', async () => {
  const directory = temporaryDirectory();
  writeFileSync(recordFile(directory, 'redis'), '{"name":"redis","pid":1');
  expect(await sweepLeftovers(directory)).toEqual([]);
  expect(readdirSync(runDirectory(directory))).toEqual([]);
});

it('kills what does not end when asked, after its bound', async () => {
  const running = stubborn(temporaryDirectory(), 200);
  await new Promise((resolve) => running.child.stdout?.once('data', resolve));
  const begin = Date.now();
  await running.stop();
  expect(await running.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(Date.now() - begin).toBeGreaterThanOrEqual(195);
});

it('remembers a process in a file for as long as it lives', async () => {
  const directory = temporaryDirectory();
  const running = stubborn(directory, 100);
  expect(existsSync(recordFile(directory, 'worker'))).toBe(true);
  running.kill();
  await running.exited;
  expect(existsSync(recordFile(directory, 'worker'))).toBe(false);
});

it('refuses a second supervisor in one directory, and names the first', async () => {
  const directory = temporaryDirectory();
  const unlock = await takeLock(directory);
  await expect(takeLock(directory)).rejects.toThrow(
    `Gatehouse already runs in ${directory} (process ${process.pid}): stop it first`,
  );
  unlock();
  (await takeLock(directory))();
});

it('takes over the lock of a dead supervisor, and of one whose pid is now another process', async () => {
  const directory = temporaryDirectory();
  const lock = join(runDirectory(directory), 'supervisor.lock');
  const dead = { name: 'supervisor', identity: 'another-boot:1', stopSignal: 'SIGTERM' } as const;
  for (const pid of [4_000_000, idleProcess()]) {
    writeRecord(lock, { ...dead, pid });
    (await takeLock(directory))();
    expect(existsSync(lock)).toBe(false);
  }
  writeFileSync(lock, '');
  await expect(takeLock(directory)).resolves.toBeTypeOf('function');
});

it('gives a dead lock to exactly one of many that start at once', async () => {
  const directory = temporaryDirectory();
  const lock = join(runDirectory(directory), 'supervisor.lock');
  writeRecord(lock, { name: 'supervisor', pid: 4_000_000, identity: 'x', stopSignal: 'SIGTERM' });
  const module = join(import.meta.dirname, '../../dev/lock.ts');
  const script = `import(${JSON.stringify(module)}).then((m) => m.takeLock(${JSON.stringify(directory)}))
    .then(() => console.log('mine'), (error) => console.log(error.message)); setInterval(() => 0, 1e6)`;
  const answers: string[] = [];
  for (let start = 0; start < 5; start += 1) {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    afterwards(() => child.kill('SIGKILL'));
    child.stdout.on('data', (chunk) => answers.push(String(chunk).trim()));
  }
  await until('five answers', () => answers.length === 5);
  expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('already runs'))).toHaveLength(4);
});
