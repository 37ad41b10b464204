import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { routes } from '#src/rest/rest-routes.ts';
import { Comparison } from './equivalence/comparison.ts';
import { cookieScripts, scripts } from './equivalence/generate.ts';
import { type Pair, pairs } from './equivalence/mapping.ts';
import { reportOf, summaryOf, unmet } from './equivalence/report.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Options of `npm run equivalence`. `npm test` sets none. */
    equivalence?: { readonly scripts: number; readonly seed?: number; readonly path?: string };
  }
}

/** Number of rare outcomes that 600 random scripts may miss. */
const MISSED = 5;

/** A few scripts, the same in every run. `npm run equivalence` runs random ones. */
const asked = inject('equivalence') ?? { scripts: 40, seed: 4 };

const comparison = new Comparison();
beforeAll(() => comparison.start());
afterAll(() => comparison.stop());

// Making a failing script smaller takes many times as long as finding it.
const timeout = 600_000 + asked.scripts * 5000;

it('behaves the same over REST and GraphQL', { timeout }, async ({ annotate }) => {
  const property = fc.asyncProperty(scripts, (script) => comparison.compare(script));
  const { scripts: numRuns, ...replay } = asked;
  const details = await fc.check(property, { ...replay, numRuns, endOnFailure: 'path' in replay });
  await annotate(`${numRuns} scripts, seed ${details.seed}`);
  if (details.failed) throw new Error(reportOf(details));
  await annotate(summaryOf(comparison));
  // Random scripts may miss a few of the rare outcomes.
  const missed = numRuns < 600 ? [] : unmet(comparison);
  expect(missed.length, missed.join()).toBeLessThanOrEqual(MISSED);
  // Unless scripts sign in with the mailed codes, they compare hardly anything.
  const basic = numRuns < 40 ? [] : ['verifyOtp', 'resetPassword', 'refreshTokens', 'sessions'];
  const missing = basic.filter((operation) => !comparison.outcomes.has(`${operation}: answered`));
  expect(missing).toEqual([]);
});

it('behaves the same over REST and GraphQL in cookie mode', { timeout }, async () => {
  const before = new Map(comparison.outcomes);
  const property = fc.asyncProperty(cookieScripts, (script) => comparison.compare(script));
  const details = await fc.check(property, {
    numRuns: Math.ceil(asked.scripts / 4),
    seed: asked.seed ?? 4,
  });
  if (details.failed) throw new Error(reportOf(details));
  const met = [...comparison.outcomes].filter(
    ([outcome, count]) => count > (before.get(outcome) ?? 0),
  );
  expect(met.map(([outcome]) => outcome)).toEqual(
    expect.arrayContaining([
      ...['verifyOtp: answered', 'verifyOtp: FORBIDDEN', 'refreshTokens: answered'],
      ...['refreshTokens: INVALID_TOKEN', 'refreshTokens: BAD_USER_INPUT'],
      ...['refreshTokens: FORBIDDEN', 'logout: answered', 'logout: UNAUTHENTICATED'],
      ...['verifyFactor: answered', 'trustedDevices: answered'],
      // A few scripts may miss it.
      ...(asked.scripts < 200 ? [] : ['removeTrustedDevice: answered']),
    ]),
  );
});

it('knows every route', () => {
  const known = Object.values<Pair>(pairs).flatMap(({ method, paths }) =>
    paths.map((path) => `${method} ${path}`),
  );
  expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(known.sort());
});
