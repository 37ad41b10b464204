import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeLock } from '#dev/lock.ts';
import { askSupervisor, socketIn } from '#src/adapters/supervisor-socket.ts';
import { afterwards, temporaryDirectory, until } from './place.ts';

const describe = () => ({ variables: { SECRET_KEY: 'x' }, processes: { redis: 5 } });

/** Starts a process that takes the lock and keeps it. */
function holder(directory: string) {
  const module = join(import.meta.dirname, '../../dev/lock.ts');
  const script = `import(${JSON.stringify(module)})
    .then((m) => m.takeLock(${JSON.stringify(directory)}, () => ({ variables: {}, processes: {} })))
    .then(() => console.log('mine'), (error) => console.log(error.message));
    setInterval(() => 0, 1e6)`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  afterwards(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk).trim()));
  return { child, output: () => output };
}

it('rejects a second supervisor in the same directory, and reports the pid of the first', async () => {
  const directory = temporaryDirectory();
  const unlock = await takeLock(directory, describe);
  await expect(takeLock(directory, describe)).rejects.toThrow(
    `Gatehouse is already running in ${directory} (process ${process.pid}): stop it first`,
  );
  unlock();
  (await takeLock(directory, describe))();
});

it('tells commands about the supervisor for as long as it runs', async () => {
  const directory = temporaryDirectory();
  expect(await askSupervisor(socketIn(directory))).toBeUndefined();
  const unlock = await takeLock(directory, describe);
  expect(await askSupervisor(socketIn(directory))).toEqual({ pid: process.pid, ...describe() });
  unlock();
  expect(await askSupervisor(socketIn(directory))).toBeUndefined();
});

it('gives the lock of a killed supervisor to exactly one of several concurrent starts', async () => {
  const directory = temporaryDirectory();
  const dead = holder(directory);
  await until('the lock', () => dead.output() === 'mine');
  dead.child.kill('SIGKILL');
  await until('the end', () => dead.child.signalCode !== null);

  const starts = Array.from({ length: 5 }, () => holder(directory));
  await until('five answers', () => starts.every(({ output }) => output()));
  const answers = starts.map(({ output }) => output());
  expect(answers.filter((answer) => answer === 'mine')).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('already running'))).toHaveLength(4);
});

it('replaces a file in the place of its socket', async () => {
  const directory = temporaryDirectory();
  (await takeLock(directory, describe))();
  writeFileSync(socketIn(directory), '');
  const unlock = await takeLock(directory, describe);
  expect(await askSupervisor(socketIn(directory))).toEqual({ pid: process.pid, ...describe() });
  unlock();
});
