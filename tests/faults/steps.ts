import { setTimeout as pause } from 'node:timers/promises';
import { addressSteps } from './address-steps.ts';
import { administrationSteps } from './administration-steps.ts';
import { codeSteps } from './code-steps.ts';
import { factorSteps } from './factor-steps.ts';
import { ownAccountSteps } from './own-account-steps.ts';
import { passwordSteps } from './password-steps.ts';
import { sessionSteps } from './session-steps.ts';
import type { SimulatedUser } from './simulated-user.ts';
import { streamSteps } from './stream-steps.ts';
import { trustSteps } from './trust-steps.ts';

/** Something that a person may do next. */
export interface Step {
  readonly weight: number;
  when(user: SimulatedUser): boolean;
  take(user: SimulatedUser): Promise<void>;
}

export const allSteps: readonly Step[] = [
  ...[...codeSteps, ...passwordSteps, ...sessionSteps],
  ...[...ownAccountSteps, ...addressSteps, ...administrationSteps, ...streamSteps],
  ...[...factorSteps, ...trustSteps],
];

/** Milliseconds that somebody waits who can do nothing but wait for a mail. */
const IDLE = 500;

/** Does one of the things that are possible now. */
export async function takeStep(user: SimulatedUser, steps: readonly Step[]): Promise<void> {
  for (const [purpose, { gone }] of user.pending) {
    if (Date.now() > gone) user.pending.delete(purpose);
  }
  const possible = steps.filter((step) => step.when(user));
  const ends = possible.map((_, index) => sum(possible.slice(0, index + 1)));
  const drawn = Math.random() * sum(possible);
  const step = possible.find((_, index) => drawn < (ends[index] ?? 0));
  if (step) await step.take(user);
  else await pause(IDLE);
}

const sum = (some: readonly Step[]): number =>
  some.reduce((total, { weight }) => total + weight, 0);

/** Steps that the former release also serves. */
export const formerSteps: readonly Step[] = [...codeSteps, ...passwordSteps, ...sessionSteps];
