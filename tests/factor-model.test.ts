import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { FactorWorld } from './support/factor-world.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  ...manyCodes,
  LIMIT_WRONG_CODES: many,
  LIMIT_WRONG_FACTORS: many,
  LIMIT_FACTORS: many,
  LIMIT_PASSKEY_CHANGES: many,
  LIMIT_PASSKEY_SIGN_IN: many,
  LIMIT_WRONG_PASSKEYS: many,
  FACTOR_RESET_HOURS: '720',
});

type Step = (world: FactorWorld) => Promise<unknown>;
const named = (name: string, step: Step) => Object.assign(step, { toString: () => name });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(named('thief signs in', (w) => w.steal())) },
  { weight: 3, arbitrary: fc.constant(named('thief resets', (w) => w.reset())) },
  { weight: 3, arbitrary: fc.constant(named('thief undoes', (w) => w.undo())) },
  { weight: 3, arbitrary: fc.constant(named('signs in', (w) => w.signIn())) },
  { weight: 2, arbitrary: fc.constant(named('recovers', (w) => w.recover())) },
  { weight: 3, arbitrary: fc.constant(named('signs in by passkey', (w) => w.signInByPasskey())) },
  { weight: 3, arbitrary: fc.constant(named('adds a passkey', (w) => w.addPasskey())) },
  { weight: 2, arbitrary: fc.constant(named('removes a passkey', (w) => w.removePasskey())) },
  { weight: 2, arbitrary: fc.constant(named('replaces the app', (w) => w.replace())) },
  { weight: 1, arbitrary: fc.constant(named('renews the codes', (w) => w.renew())) },
  { weight: 2, arbitrary: fc.constant(named('reset is ordered', (w) => w.order())) },
);

/** Runs alone: meanwhile, the holder of the mailbox may undo it. */
const alone: fc.Arbitrary<Step> = fc.constantFrom(
  named('enrols anew', (w) => w.enrolAnew()),
  named('removes the app', (w) => w.removeApp()),
);

/** Steps of one group run at once. */
const groups = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: step.map((each) => [each]) },
    { weight: 3, arbitrary: fc.tuple(step, step) },
    { weight: 2, arbitrary: alone.map((each) => [each]) },
  ),
  { minLength: 3, maxLength: 8 },
);

const first = fc.constantFrom('app' as const, 'passkey' as const);

it('lets in nobody who has only the mailbox, and locks out nobody who has a factor, whatever happens', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(first, groups, async (kind, script) => {
    const world = await FactorWorld.create(app, kind);
    for (const group of script) await Promise.all(group.map((each) => each(world)));
    expect(world.violations).toEqual([]);
    expect(await world.signIn()).toBe(true);
    expect(await world.signInByPasskey()).toBe(true);
  });
  await fc.assert(property, { numRuns: 12, endOnFailure: true });
});
