import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedUser, type World } from './simulated-user.ts';
import { allSteps, type Step, takeStep } from './steps.ts';

/** Milliseconds between two steps of a person, in the mean; and after an answer that never came. */
const THINKING = 600;
const BACKING_OFF = 1500;
/** Milliseconds in which they come, so that the first requests do not come at once. */
const STARTUP = 8000;

export interface LoadOptions {
  /** Which steps users take. Default: all. */
  readonly steps?: readonly Step[];
  /** People at once. Default: 30. */
  readonly people?: number;
  /** Number of the first person. Default: 1. */
  readonly first?: number;
}

interface Load {
  /** Lets everybody finish what they do. */
  stop(): Promise<void>;
}

/** A steady load of all operations: simulated users, one after another. */
export function startLoad(
  world: World,
  { steps: possible = allSteps, people: count = 30, first = 1 }: LoadOptions = {},
): Load {
  const stopping = new AbortController();
  const { signal } = stopping;
  let number = first;
  const rest = (mean: number) =>
    pause(2 * mean * Math.random(), undefined, { signal }).catch(() => undefined);

  const live = async (user: SimulatedUser) => {
    world.ledger.users.push(user);
    for (let steps = randomInt(15, 70); steps > 0 && !user.over && !signal.aborted; steps -= 1) {
      await takeStep(user, possible);
      const answered = user.last?.outcome === 'acknowledged' || user.last?.outcome === 'refused';
      await rest(answered ? THINKING : BACKING_OFF);
    }
  };
  const person = async () => {
    await rest(STARTUP / 2);
    while (!signal.aborted) await live(new SimulatedUser(world, number++));
  };
  const people = Array.from({ length: count }, person);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(people);
    },
  };
}
