import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { commandOf } from '#dev/postgres/postmaster.ts';
import { findRedis } from '#dev/redis/find-redis.ts';

export const isRoot = process.getuid?.() === 0;

/** Registers a step to run after the test. The last one runs first. */
export function afterwards(step: () => unknown): void {
  onTestFinished(async () => {
    await step();
  });
}

/** Makes an empty directory, and removes it after the test. */
export function temporaryDirectory(parent = tmpdir()): string {
  const path = mkdtempSync(join(parent, 'gatehouse-dev-'));
  afterwards(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** Password of every PostgreSQL and Redis here, with characters that have to be escaped. */
export const password = "p'w:@/";

/** Makes one directory for all tests of a file, which saves a second for each initdb. */
export function useSharedDirectory(): () => string {
  let shared = '';
  beforeAll(() => {
    shared = mkdtempSync(join(tmpdir(), 'gatehouse-dev-'));
  });
  afterAll(() => rmSync(shared, { recursive: true, force: true }));
  return () => shared;
}

/** Starts a process that does nothing, and ends it after the test. @returns its pid */
export function idleProcess(): number {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  afterwards(() => child.kill('SIGKILL'));
  if (!child.pid) throw new Error('sleep does not run');
  return child.pid;
}

/** Tells whether a process runs. A zombie does not. */
export function isAlive(pid: number): boolean {
  return commandOf(pid) !== '';
}

/** Waits until something becomes true. Fails after `bound` milliseconds. */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  bound = 10_000,
): Promise<void> {
  const deadline = Date.now() + bound;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`not seen in ${bound} ms: ${what}`);
    await sleep(15);
  }
}

/** Finds the Redis of this machine, or the one that `npm start` keeps under `.data`. */
export function redisOfThisMachine() {
  const cacheDirectory = resolve(import.meta.dirname, '../../.data');
  return findRedis({ cacheDirectory, searchPath: process.env.PATH ?? '', say: () => undefined });
}
