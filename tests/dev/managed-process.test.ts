import { once } from 'node:events';
import { expect, it } from 'vitest';
import { launch } from '#dev/managed-process.ts';
import { afterwards, isAlive } from './place.ts';

it('kills a process that does not end when asked', async () => {
  const script = "process.on('SIGTERM', () => 0); setInterval(() => 0, 1e6); process.send('up')";
  const options = { ipc: true, forceKillAfterDelay: 200 };
  const running = launch('worker', [process.execPath, '-e', script], options);
  afterwards(running.kill);
  await once(running.child, 'message');
  const begin = Date.now();
  await running.stop();
  expect(await running.exited).toBe('signal SIGKILL');
  expect(Date.now() - begin).toBeGreaterThanOrEqual(195);
  expect(isAlive(running.pid)).toBe(false);
});

it('throws if the program does not start', () => {
  expect(() => launch('redis', ['/no/such/program'], {})).toThrow(
    'redis: cannot execute /no/such/program.',
  );
});
