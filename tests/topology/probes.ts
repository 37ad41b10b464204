import { setTimeout as pause } from 'node:timers/promises';
import { signIn } from '#tests/faults/code-steps.ts';
import { refresh } from '#tests/faults/session-steps.ts';
import { SimulatedUser, type World } from '#tests/faults/simulated-user.ts';

/** Milliseconds between two probes. */
const EVERY = 500;
/** Successes in a row that show that every server is well. */
const ENOUGH = 8;

interface Probe {
  readonly at: number;
  readonly end: number;
  readonly succeeded: boolean;
}

export interface Probes {
  /**
   * Waits until nothing fails any more. Returns when the first probe after the last failure
   * succeeded, epoch in ms; undefined after `atMost` ms.
   */
  untilServed(atLeast: number, atMost: number): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Signs new users in with a code and refreshes their tokens, which needs every part. */
export function startProbes(world: World, firstNumber: number): Probes {
  const stopping = new AbortController();
  const { signal } = stopping;
  const done: Probe[] = [];
  const running = new Set<Promise<void>>();
  const began = Date.now();
  let number = firstNumber;
  const probe = async () => {
    const at = Date.now();
    const succeeded = await trySignIn(new SimulatedUser(world, number++));
    done.push({ at, end: Date.now(), succeeded });
  };
  const start = async () => {
    while (!signal.aborted) {
      const one = probe().finally(() => running.delete(one));
      running.add(one);
      await pause(EVERY, undefined, { signal }).catch(() => undefined);
    }
  };
  const all = start();
  return {
    async untilServed(atLeast, atMost) {
      for (; Date.now() - began < atMost; await pause(100)) {
        const lastFailure = Math.max(
          0,
          ...done.filter((one) => !one.succeeded).map(({ at }) => at),
        );
        const since = done.filter(({ at }) => at > lastFailure);
        if (since.length < ENOUGH || Date.now() - began < atLeast) continue;
        return lastFailure === 0 ? began : Math.min(...since.map(({ end }) => end));
      }
      return undefined;
    },
    async stop() {
      stopping.abort();
      await all;
      await Promise.all(running);
    },
  };
}

/** Whether everything worked at the first attempt. */
async function trySignIn(user: SimulatedUser): Promise<boolean> {
  const { ledger } = user.world;
  ledger.users.push(user);
  try {
    await signIn(user);
    const [device] = user.live;
    if (!device) return false;
    await refresh(user, device);
  } catch {
    return false;
  }
  const isLost = (outcome: string) => outcome === 'unknown' || outcome === 'unsent';
  return !ledger.entries.some(({ email, outcome }) => email === user.email && isLost(outcome));
}
