import fc from 'fast-check';
import * as inputs from './inputs.ts';
import { weighted } from './inputs.ts';
import type { Operation } from './mapping.ts';
import type { Step } from './script.ts';

type Given = Record<string, fc.Arbitrary<unknown>>;

const device = weighted([2, fc.constant(0)], [1, fc.nat({ max: 2 })]);
const way = fc.record({
  path: fc.nat({ max: 1 }),
  finalSlash: fc.boolean(),
  numericCode: fc.boolean(),
});
/** A token that the operation does not need, and must ignore. */
const needless = inputs.seldom(inputs.bearer);

/** A request about an operation, from one of the devices. */
export function ask(
  operation: Operation,
  given: Given | fc.Arbitrary<object | undefined>,
  bearer: fc.Arbitrary<unknown> = needless,
): fc.Arbitrary<Step> {
  const input = given instanceof fc.Arbitrary ? given : fc.record(given);
  const step = fc.record({ operation: fc.constant(operation), device, input, bearer, way });
  return step as fc.Arbitrary<Step>;
}

/** Lets one of these times pass. */
export const wait = (...seconds: number[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...seconds).map((waitSeconds) => ({ waitSeconds }));

/** Steps that only together come to something; any of them can be missing. */
export const inTurn = (...steps: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> =>
  fc
    .tuple(...steps.map((step) => fc.option(step, { nil: undefined, freq: 30 })))
    .map((found) => found.filter((step) => step !== undefined));

export const times = (count: number, step: fc.Arbitrary<Step>): fc.Arbitrary<Step>[] =>
  Array(count).fill(step);
