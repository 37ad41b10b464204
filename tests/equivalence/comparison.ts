import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { inject, vi } from 'vitest';
import { newDatabase } from '#tests/support/database.ts';
import { BEGINNING } from './inputs.ts';
import { limitOf, limitsMet } from './limits.ts';
import { Replica } from './replica.ts';
import { Run, type StepResult } from './run.ts';
import type { Script, Step } from './script.ts';
import { graphqlTransport, restTransport } from './transports.ts';

/**
 * Nanoseconds. Redis tells seconds by a clock of its own, which stands still between steps only.
 */
const LONGEST_STEP = 900_000_000n;

/** Two replicas under one clock, which moves when a script says so: GraphQL at one, REST at the other. */
export class Comparison {
  /** How often each operation has had each outcome. */
  readonly outcomes = new Map<string, number>();
  /** How often each limit was seen to have refused something, by its name in the configuration. */
  readonly limits = new Map<string, number>();
  readonly #replicas = [new Replica(), new Replica()] as const;
  readonly #databases = [newDatabase(), newDatabase()] as const;
  #now = BEGINNING;
  #runs = 0;

  async start(): Promise<void> {
    vi.spyOn(Date, 'now').mockImplementation(() => this.#now);
    // The limits that a process keeps for itself go by this one, and cannot be cleared.
    vi.spyOn(performance, 'now').mockReturnValue(1000);
    const clock = { now: () => new Date(this.#now) };
    const worker = Number(process.env.VITEST_POOL_ID ?? 0);
    for (const [index, replica] of this.#replicas.entries()) {
      const database = this.#databases[index];
      await database?.create();
      // Each test process has two Redis databases.
      const redisUrl = new URL(`/${1 + worker + 7 * index}`, inject('redisUrl')).href;
      await replica.start({ databaseUrl: database?.url ?? '', redisUrl }, clock);
    }
  }

  async stop(): Promise<void> {
    vi.mocked(Date.now).mockRestore();
    vi.mocked(performance.now).mockRestore();
    await Promise.all(this.#replicas.map((replica) => replica.stop()));
    await Promise.all(this.#databases.map((database) => database.drop()));
  }

  /** @throws AssertionError with the first difference, or with what a replica had to warn of */
  async compare(script: Script): Promise<void> {
    const [runs = []] = await inTime([this.#begin()]);
    for (const step of script) {
      if ('waitSeconds' in step) this.#now += step.waitSeconds * 1000;
      const [expected, actual] = await inTime(runs.map((run) => run.take(step)));
      this.#count(step, expected);
      deepStrictEqual(actual, expected);
    }
    const [expected, actual] = await inTime(runs.map((run) => run.state()));
    deepStrictEqual(actual, expected);
    for (const limit of expected ? limitsMet(expected) : []) count(this.limits, limit);
    deepStrictEqual(
      this.#replicas.flatMap(({ logLines }) => logLines),
      [],
    );
  }

  /** Both at the beginning; from addresses of their own, as limits in a process cannot be cleared. */
  async #begin(): Promise<Run[]> {
    this.#now = BEGINNING;
    this.#runs += 1;
    await Promise.all(this.#replicas.map((replica) => replica.clear()));
    const network = `127.${1 + (Math.floor(this.#runs / 250) % 250)}.${1 + (this.#runs % 250)}`;
    const [first, second] = this.#replicas;
    return [new Run(first, graphqlTransport, network), new Run(second, restTransport, network)];
  }

  #count(step: Step, result: StepResult | undefined): void {
    if (!('operation' in step) || !result?.answer) return;
    const { code = 'answered' } = result.answer.body as { code?: string };
    const outcome = `${step.operation}: ${code}`;
    count(this.outcomes, outcome);
    const limit = limitOf(outcome);
    if (limit) count(this.limits, limit);
  }
}

const count = (counts: Map<string, number>, name: string) =>
  counts.set(name, (counts.get(name) ?? 0) + 1);

/** Leaves the script out where the machine has stood still: that is nobody's difference. */
async function inTime<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const start = process.hrtime.bigint();
  try {
    return await Promise.all(work);
  } finally {
    await Promise.allSettled(work);
    fc.pre(process.hrtime.bigint() - start < LONGEST_STEP);
  }
}
