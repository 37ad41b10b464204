import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../ports/logger.ts';
import type { Argon2 } from './argon2-library.ts';
import { readHash } from './hash-formats.ts';

/** Checks of one kind vary, so a failed check waits longer than the slowest kind takes. */
const MARGIN = 1.5;
/** Longest wait in milliseconds: a kind may have been measured while the machine was busy. */
const LONGEST = 2000;
/** Maximum number of kinds that are measured. */
const MAX_KINDS = 50;

/**
 * Returns the first stored hash after a text, in the order of bytes, of those whose parameters are not
 * the current ones.
 */
export type NextHash = (after: string) => Promise<string | undefined>;

interface Options {
  readonly argon2: Argon2;
  /** Hash of no password, with the current parameters. */
  readonly decoy: string;
  readonly isCurrent: (stored: string) => boolean;
  readonly log: Log;
}

/**
 * Compares passwords with stored hashes. While accounts have hashes of slower kinds, every failed
 * check takes as long as one of the slowest, so that the time does not reveal which accounts exist.
 */
export class HashChecks {
  readonly #options: Options;
  /** Moving averages in milliseconds, by kind of hash. */
  readonly #times = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Compares. A hash that cannot be checked never matches, and costs as much as the decoy. */
  async compare(stored: string | null, password: string): Promise<boolean> {
    const { argon2, decoy, isCurrent, log } = this.#options;
    const known = stored === null ? undefined : readHash(stored);
    if (stored === null || !known?.isAffordable) {
      await argon2.verify(decoy, password);
      return false;
    }
    const began = performance.now();
    const matches = await known.verify(password, argon2).catch((cause) => {
      log.error({ cause: String(cause), kind: known.kind }, 'Cannot check a password hash.');
      return false;
    });
    if (!isCurrent(stored)) this.#note(known.kind, performance.now() - began);
    return matches;
  }

  /** Waits until a failed check that began then has taken as long as one of the slowest kind. */
  async waitSince(began: number): Promise<void> {
    const slowest = Math.max(0, ...this.#times.values());
    const rest = Math.min(LONGEST, MARGIN * slowest) - (performance.now() - began);
    if (rest > 0) await pause(rest);
  }

  /** Measures the kinds that it has not met, and forgets those that no account has any more. */
  async measure(next: NextHash, run: <T>(work: () => Promise<T>) => Promise<T>): Promise<void> {
    const kinds = new Set<string>();
    let stored = await next('');
    while (stored !== undefined && kinds.size < MAX_KINDS) {
      const hash = stored;
      const kind = readHash(hash)?.kind ?? hash;
      if (!this.#times.has(kind)) await run(() => this.compare(hash, ''));
      kinds.add(kind);
      // A kind ends before `$`, and `%` is the next character.
      stored = await next(`${kind}%`);
    }
    for (const kind of this.#times.keys()) if (!kinds.has(kind)) this.#times.delete(kind);
  }

  #note(kind: string, milliseconds: number): void {
    const average = this.#times.get(kind) ?? milliseconds;
    this.#times.set(kind, average + (milliseconds - average) / 8);
  }
}
