import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AddressWorld, boxes } from './support/address-world.ts';
import { useApp } from './support/app.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  LIMIT_CHANGE_EMAIL: many,
  ...manyCodes,
  LIMIT_WRONG_CODES: many,
  LIMIT_REGISTER: many,
});

type Step = (world: AddressWorld) => Promise<void>;

/** Mostly the old mailbox, whose holder may act at any time. */
const box = fc.constantFrom(...boxes, 'own', 'own');
const foreign = fc.constantFrom('first', 'second', 'first', 'second', 'taken', 'own' as const);
const named = (name: string, step: Step) => Object.assign(step, { toString: () => name });

/** Weights: a change that is confirmed, and what follows, is likely. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: foreign.map((to) => named(`request ${to}`, (w) => w.request(to))) },
  { weight: 6, arbitrary: fc.constant(named('confirm', (w) => w.confirm())) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(box, fc.nat({ max: 2 }))
      .map(([of, nth]) => named(`undo ${of} ${nth}`, (w) => w.undo(of, nth))),
  },
  { weight: 3, arbitrary: box.map((of) => named(`signIn ${of}`, (w) => w.signIn(of))) },
  { weight: 2, arbitrary: foreign.map((of) => named(`reset ${of}`, (w) => w.reset(of))) },
  { weight: 2, arbitrary: box.map((of) => named(`register ${of}`, (w) => w.register(of))) },
);

/** Runs alone. The times add up to less than 7 days. */
const alone: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(named('remove', (w) => w.remove())),
  fc.constantFrom(1, 14).map((hours) => named(`wait ${hours} h`, (w) => w.wait(hours))),
);

/** Steps of one group run at once. */
const groups = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: step.map((each) => [each]) },
    { weight: 2, arbitrary: fc.tuple(step, step) },
    { weight: 1, arbitrary: alone.map((each) => [each]) },
  ),
  { minLength: 3, maxLength: 11 },
);

it('gives the account back to the holder of the old address, and to nobody else, whatever happens', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(groups, async (script) => {
    const world = await AddressWorld.create(app);
    for (const group of script) await Promise.all(group.map((each) => each(world)));
    await world.takeBack();
    expect(world.violations).toEqual([]);
  });
  await fc.assert(property, { numRuns: 20, endOnFailure: true });
});
