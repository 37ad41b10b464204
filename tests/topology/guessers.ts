import { randomInt } from 'node:crypto';
import { SimulatedUser, type World } from '#tests/faults/simulated-user.ts';

/** Addresses, so that every Redis primary has some. */
const GUESSERS = 8;
/** Guesses before the event. */
const BEFORE = 3;
/** Guesses after it, at most: more than any limit grants. */
const AFTER = 12;
/** `LIMIT_WRONG_CODES`. */
const LIMIT = 5;

/** Users who guess codes before and after an event, to see whether their limits hold. */
export class Guessers {
  readonly #users: readonly SimulatedUser[];
  readonly #granted = new Map<SimulatedUser, number>();

  constructor(world: World, firstNumber: number) {
    this.#users = Array.from(
      { length: GUESSERS },
      (_, index) => new SimulatedUser(world, firstNumber + index),
    );
    world.ledger.users.push(...this.#users);
  }

  async before(): Promise<void> {
    await Promise.all(this.#users.map((user) => this.#guess(user, BEFORE)));
  }

  /** Guesses until the limit answers. */
  async after(): Promise<void> {
    await Promise.all(this.#users.map((user) => this.#guess(user, AFTER)));
  }

  /** Guesses beyond the limit, of the address that got most. */
  get exceeded(): number {
    return Math.max(0, ...this.#granted.values().map((count) => count - LIMIT));
  }

  async #guess(user: SimulatedUser, times: number): Promise<void> {
    for (let guesses = 0; guesses < times; guesses += 1) {
      const otp = String(randomInt(1e6)).padStart(6, '0');
      const { code } = await user.do('guessCode', { input: { email: user.email, otp } });
      if (code === 'LOCKED') return;
      if (code === 'INVALID_OTP') this.#granted.set(user, (this.#granted.get(user) ?? 0) + 1);
    }
  }
}

/** Guesses beyond the limit that a failover of Redis may grant: its maximum once more. */
export const MOST_EXCEEDED = LIMIT;
