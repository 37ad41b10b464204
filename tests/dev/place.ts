import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { identify } from '#dev/process-identity.ts';
import { findRedis } from '#dev/redis/find-redis.ts';

export const isRoot = process.getuid?.() === 0;

/** Runs after the test, whatever became of it; the last one first. */
export function afterwards(step: () => unknown): void {
  onTestFinished(async () => {
    await step();
  });
}

/** An empty directory of its own, removed after the test. */
export function temporaryDirectory(parent = tmpdir()): string {
  const path = mkdtempSync(join(parent, 'gatehouse-embedded-'));
  afterwards(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  return path;
}

/** Of every PostgreSQL and Redis here; with the characters that are easily got wrong. */
export const password = "p'w:@/";

/** One directory for all tests of a file that may find the data of the one before: saves a second. */
export function useSharedDirectory(): () => string {
  let shared = '';
  beforeAll(() => {
    shared = mkdtempSync(join(tmpdir(), 'gatehouse-embedded-'));
  });
  afterAll(() => rmSync(shared, { recursive: true, force: true }));
  return () => shared;
}

/** A process that does nothing, ended after the test. @returns its pid. */
export function idleProcess(): number {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  afterwards(() => child.kill('SIGKILL'));
  if (!child.pid) throw new Error('sleep does not run');
  return child.pid;
}

export function lives(pid: number): boolean {
  return identify(pid) !== undefined;
}

/** Waits for something to become true; fails after `bound` milliseconds. */
export async function until(what: string, isTrue: () => boolean, bound = 10_000): Promise<void> {
  const deadline = Date.now() + bound;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`not seen in ${bound} ms: ${what}`);
    await sleep(15);
  }
}

/** The Redis of this machine, or the one that `npm start` keeps under `.data`. */
export function redisOfThisMachine() {
  const cacheDirectory = resolve(import.meta.dirname, '../../.data');
  return findRedis({ cacheDirectory, searchPath: process.env.PATH ?? '', say: () => undefined });
}
