import type { RunDetails } from 'fast-check';
import type { Comparison } from './comparison.ts';
import { everyLimit } from './limits.ts';
import { pairs } from './mapping.ts';
import { readable, type Script } from './script.ts';

/** Why a comparison failed, and how to see it again. */
export function reportOf(details: RunDetails<[Script]>): string {
  const { counterexample, counterexamplePath, errorInstance, numRuns, numShrinks, seed } = details;
  const error = errorInstance as Error | null;
  return [
    `The transports differ in script ${numRuns}. Reduced ${numShrinks} times, it is`,
    readable(counterexample?.[0] ?? []),
    'GraphQL gave what is expected, REST what is actual.',
    error?.message ?? 'Too many scripts could not be compared, because the machine stood still.',
    `Again: npm run equivalence -- 1 --seed=${seed} --path=${counterexamplePath}`,
  ].join('\n\n');
}

/** Summary of the outcomes of a run, one line for each operation. */
export function summaryOf({ outcomes, limits }: Comparison): string {
  const rows = [...outcomes, ...limits].sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([met, count]) => `${String(count).padStart(7)}  ${met}`).join('\n');
}

const refusals = [
  ...['BAD_USER_INPUT', 'UNAUTHENTICATED', 'INVALID_CREDENTIALS', 'INVALID_OTP', 'INVALID_TOKEN'],
  ...['LOCKED', 'RATE_LIMITED'],
];

/** Outcomes of particular operations. */
const particular = [
  ...['changePassword: BAD_USER_INPUT', 'changePassword: LOCKED'],
  ...['changePassword: UNAUTHENTICATED', 'sessions: UNAUTHENTICATED'],
  ...['revokeSession: NOT_FOUND', 'revokeSession: UNAUTHENTICATED'],
  'revokeOtherSessions: UNAUTHENTICATED',
  ...['verifyOtp: MFA_REQUIRED', 'verifyFactor: INVALID_OTP', 'verifyFactor: LOCKED'],
  ...['enrollTotp: STEP_UP_REQUIRED', 'confirmTotp: BAD_USER_INPUT', 'removeTotp: NOT_FOUND'],
  ...['signInWithPasskey: NOT_FOUND', 'signInWithPasskey: INVALID_CREDENTIALS'],
  ...['registerPasskey: BAD_USER_INPUT', 'undoFactorChange: INVALID_OTP'],
];

/**
 * Operations whose success only the scripts in cookie mode reach: only a browser becomes a trusted
 * device.
 */
const beyond = ['removeTrustedDevice'];

/** Returns the outcomes that enough scripts must reach, and these have not. */
export function unmet({ outcomes, limits }: Comparison): string[] {
  const met = [...outcomes.keys()];
  return [
    ...everyLimit.filter((limit) => !limits.has(limit)),
    ...Object.keys(pairs)
      .filter((operation) => !beyond.includes(operation))
      .filter((operation) => !met.includes(`${operation}: answered`)),
    ...particular.filter((outcome) => !met.includes(outcome)),
    ...refusals.filter((code) => !met.some((outcome) => outcome.endsWith(`: ${code}`))),
  ];
}
