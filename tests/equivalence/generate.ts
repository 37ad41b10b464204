import fc from 'fast-check';
import * as inputs from './inputs.ts';
import { weighted } from './inputs.ts';
import type { Operation } from './mapping.ts';
import type { Script, Step } from './script.ts';

type Given = Record<string, fc.Arbitrary<unknown>>;

const device = weighted([2, fc.constant(0)], [1, fc.nat({ max: 2 })]);
const way = fc.record({
  path: fc.nat({ max: 1 }),
  finalSlash: fc.boolean(),
  numericCode: fc.boolean(),
});
/** Where no token is wanted, one changes nothing. */
const needless = inputs.seldom(inputs.bearer);

function ask(
  operation: Operation,
  given: Given | fc.Arbitrary<object | undefined>,
  bearer: fc.Arbitrary<unknown> = needless,
): fc.Arbitrary<Step> {
  const input = given instanceof fc.Arbitrary ? given : fc.record(given);
  const step = fc.record({ operation: fc.constant(operation), device, input, bearer, way });
  return step as fc.Arbitrary<Step>;
}

const wait = (...seconds: number[]): fc.Arbitrary<Step> =>
  fc.constantFrom(...seconds).map((waitSeconds) => ({ waitSeconds }));

/** What somebody does who is about this person; the person behind an address may be another. */
function stepsAbout(person: string) {
  const email = inputs.email(person);
  const { password, personName } = inputs;
  const redemption = (purpose: 'sign-in' | 'reset') => ({
    email,
    otp: inputs.code(purpose, person),
    challengeId: inputs.challengeId(purpose, person),
  });
  const change = (currentPassword: fc.Arbitrary<unknown>) =>
    ask('changePassword', { currentPassword, newPassword: password }, inputs.bearer);
  const newest = (purpose: 'sign-in' | 'reset') => ({
    email,
    otp: inputs.newestCode(purpose, person),
  });
  const names = { firstName: personName, lastName: personName };
  return {
    register: ask('register', { email, password, ...names }),
    login: ask('login', { email, password }),
    requestOtp: ask('requestOtp', { email }),
    verifyOtp: ask('verifyOtp', redemption('sign-in')),
    enter: ask('verifyOtp', newest('sign-in')),
    forgotPassword: ask('forgotPassword', { email }),
    resetPassword: ask('resetPassword', { ...redemption('reset'), password }),
    reset: ask('resetPassword', { ...newest('reset'), password }),
    refreshTokens: ask('refreshTokens', { refreshToken: inputs.refreshToken }),
    refreshAgain: ask('refreshTokens', { refreshToken: inputs.spentToken }),
    logout: ask('logout', inputs.logout, inputs.bearer),
    changePassword: change(password),
    guessPassword: change(fc.constant('not the password')),
    sessions: ask('sessions', fc.constant(undefined), inputs.bearer),
    revokeSession: ask('revokeSession', { id: inputs.sessionId(person) }, inputs.bearer),
    revokeOthers: ask('revokeOtherSessions', fc.constant(undefined), inputs.bearer),
    me: ask('me', fc.constant(undefined), inputs.bearer),
    updateProfile: ask('updateProfile', names, inputs.bearer),
    auditLogs: ask('auditLogs', inputs.auditQuery, inputs.bearer),
    makeAdmin: fc.constant<Step>({ makeAdmin: person }),
    /** Within the grace of a refresh and after it, past an access token, a code, every window. */
    wait: wait(1, 9, 11, 61, 301, 601, 901, 3601, 86_401, 15 * 86_400),
  };
}

/** Steps that only together come to something; any of them can be missing. */
const inTurn = (...steps: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> =>
  fc
    .tuple(...steps.map((step) => fc.option(step, { nil: undefined, freq: 30 })))
    .map((found) => found.filter((step) => step !== undefined));

function turnsOf(person: string): fc.Arbitrary<Step[]> {
  const { makeAdmin, ...step } = stepsAbout(person);
  const { register, login, requestOtp, verifyOtp, forgotPassword, resetPassword } = step;
  const { refreshTokens, refreshAgain, logout, me, updateProfile, auditLogs } = step;
  const { enter, reset, changePassword, guessPassword, sessions, revokeSession, revokeOthers } =
    step;
  const singles = Object.values(step).map((each) => inTurn(each));
  const signedIn = fc.oneof(me, updateProfile, auditLogs, logout, refreshTokens);
  const signIn = [requestOtp, enter];
  const guesses = Array<fc.Arbitrary<Step>>(4).fill(guessPassword);
  /** Past the limits that a turn before may have met. */
  const freshly = wait(601, 86_401);
  return weighted(
    ...singles.map((single): [number, fc.Arbitrary<Step[]>] => [2, single]),
    [6, inTurn(requestOtp, verifyOtp, signedIn, signedIn)],
    [6, inTurn(register, login, verifyOtp, signedIn)],
    [6, inTurn(register, forgotPassword, resetPassword, login, verifyOtp)],
    [4, inTurn(requestOtp, verifyOtp, makeAdmin, auditLogs)],
    [6, inTurn(requestOtp, verifyOtp, refreshTokens, wait(1, 9, 11), refreshAgain, signedIn)],
    [5, inTurn(freshly, register, login, enter, changePassword, changePassword, login)],
    [5, inTurn(freshly, register, forgotPassword, reset, login, enter, changePassword, sessions)],
    [6, inTurn(freshly, ...signIn, ...guesses)],
    [8, inTurn(freshly, ...signIn, ...signIn, sessions, revokeSession, revokeSession, signedIn)],
    [5, inTurn(freshly, ...signIn, ...signIn, revokeOthers, sessions, signedIn)],
    [2, inTurn(verifyOtp, verifyOtp, verifyOtp, verifyOtp)],
    [2, inTurn(login, login, login)],
  );
}

const [ada, bob, cyd] = inputs.people;

/** A few people, a few devices, a few dozen steps. */
export const scripts: fc.Arbitrary<Script> = fc
  .array(weighted([4, turnsOf(ada)], [2, turnsOf(bob)], [1, turnsOf(cyd)]), {
    minLength: 1,
    maxLength: 12,
    size: 'max',
  })
  .map((turns) => turns.flat());
