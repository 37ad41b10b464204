import fc from 'fast-check';
import { ask, inTurn, times, wait } from './ask-step.ts';
import { factorSteps, factorTurns, trustSteps } from './factor-steps.ts';
import * as inputs from './inputs.ts';
import { weighted } from './inputs.ts';
import type { Script, Step } from './script.ts';
import { sureAdmin, sureDeletion, sureFactor, sureRedelivery, sureSignIn } from './sure-steps.ts';

/** Steps about one user. The user behind an address may be another one. */
function stepsAbout(person: string) {
  const email = inputs.email(person);
  const { password, personName } = inputs;
  const redemption = (purpose: 'sign-in' | 'reset' | 'change') => ({
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
  const { email: _, ...confirmation } = redemption('change');
  const guess = { email, otp: inputs.wrongCode(person) };
  const wrongPassword = fc.constant('not the password');
  const names = { firstName: personName, lastName: personName };
  return {
    register: ask('register', { email, password, ...names }),
    login: ask('login', { email, password }),
    guessLogin: ask('login', { email, password: wrongPassword }),
    requestOtp: ask('requestOtp', { email }),
    verifyOtp: ask('verifyOtp', redemption('sign-in')),
    enter: ask('verifyOtp', newest('sign-in')),
    guessChallenge: ask('verifyOtp', { ...guess, challengeId: inputs.newestChallenge(person) }),
    guessCode: ask('verifyOtp', guess),
    forgotPassword: ask('forgotPassword', { email }),
    resetPassword: ask('resetPassword', { ...redemption('reset'), password }),
    reset: ask('resetPassword', { ...newest('reset'), password }),
    refreshTokens: ask('refreshTokens', { refreshToken: inputs.refreshToken }),
    refreshAgain: ask('refreshTokens', { refreshToken: inputs.spentToken }),
    logout: ask('logout', inputs.logout, inputs.bearer),
    changePassword: change(password),
    guessPassword: change(wrongPassword),
    requestStepUp: ask('requestStepUp', fc.constant(undefined), inputs.bearer),
    stepUp: ask('stepUp', inputs.proof(person), inputs.bearer),
    confirm: ask('stepUp', { otp: inputs.newestCode('confirm', person) }, inputs.bearer),
    guessStepUp: ask('stepUp', { password: wrongPassword }, inputs.bearer),
    /** To the address of this user, by the account of the newest session. */
    changeEmail: ask('changeEmail', { newEmail: email }, inputs.bearer),
    confirmChange: ask('confirmEmailChange', confirmation, inputs.bearer),
    move: ask(
      'confirmEmailChange',
      { otp: inputs.newestCode('change', person), challengeId: inputs.newestChange(person) },
      inputs.bearer,
    ),
    undoChange: ask('undoEmailChange', { secret: inputs.undoSecret(person) }),
    deleteMyAccount: ask('deleteMyAccount', fc.constant(undefined), inputs.bearer),
    exportMyData: ask('exportMyData', fc.constant(undefined), inputs.bearer),
    sessions: ask('sessions', fc.constant(undefined), inputs.bearer),
    revokeSession: ask('revokeSession', { id: inputs.sessionId(person) }, inputs.bearer),
    revokeOthers: ask('revokeOtherSessions', fc.constant(undefined), inputs.bearer),
    me: ask('me', fc.constant(undefined), inputs.bearer),
    updateProfile: ask('updateProfile', { ...names, locale: inputs.locale }, inputs.bearer),
    auditLogs: ask('auditLogs', inputs.auditQuery, inputs.administratorBearer),
    users: ask('users', inputs.usersQuery, inputs.administratorBearer),
    user: ask('user', { id: inputs.userId(person) }, inputs.administratorBearer),
    disableUser: ask('disableUser', { id: inputs.userId(person) }, inputs.administratorBearer),
    enableUser: ask('enableUser', { id: inputs.userId(person) }, inputs.administratorBearer),
    createUser: ask(
      'createUser',
      { email, ...names, role: inputs.role, metadata: inputs.metadata },
      inputs.administratorBearer,
    ),
    setUserRole: ask(
      'setUserRole',
      { id: inputs.userId(person), role: inputs.role },
      inputs.administratorBearer,
    ),
    setUserMetadata: ask(
      'setUserMetadata',
      { id: inputs.userId(person), metadata: inputs.metadata },
      inputs.administratorBearer,
    ),
    unlockUser: ask('unlockUser', { id: inputs.userId(person) }, inputs.administratorBearer),
    revokeUserSessions: ask(
      'revokeUserSessions',
      { id: inputs.userId(person) },
      inputs.administratorBearer,
    ),
    deleteUser: ask('deleteUser', { id: inputs.userId(person), email }, inputs.administratorBearer),
    apiKeys: ask('apiKeys', fc.constant(undefined), inputs.bearer),
    createApiKey: ask('createApiKey', inputs.apiKey, inputs.bearer),
    revokeApiKey: ask('revokeApiKey', { id: inputs.apiKeyId }, inputs.bearer),
    eventCounts: ask('eventCounts', fc.constant(undefined), inputs.bearer),
    outbox: ask('outbox', fc.constant(undefined), inputs.bearer),
    signingKeys: ask('signingKeys', fc.constant(undefined), inputs.bearer),
    webhooks: ask('webhooks', fc.constant(undefined), inputs.administratorBearer),
    createWebhook: ask('createWebhook', inputs.webhook, inputs.administratorBearer),
    updateWebhook: ask(
      'updateWebhook',
      { id: inputs.webhookId, ...inputs.webhookChanges },
      inputs.administratorBearer,
    ),
    deleteWebhook: ask('deleteWebhook', { id: inputs.webhookId }, inputs.administratorBearer),
    rotateWebhookSecret: ask(
      'rotateWebhookSecret',
      { id: inputs.webhookId },
      inputs.administratorBearer,
    ),
    webhookDeliveries: ask(
      'webhookDeliveries',
      { id: inputs.webhookId, ...inputs.deliveriesQuery },
      inputs.administratorBearer,
    ),
    redeliver: ask('redeliver', { id: inputs.deliveryId }, inputs.administratorBearer),
    makeAdmin: fc.constant<Step>({ makeAdmin: person }),
    /** Within the grace of a refresh and after it, past an access token, a code, every window. */
    wait: wait(1, 9, 11, 61, 301, 601, 901, 3601, 86_401, 15 * 86_400),
  };
}

type Steps = ReturnType<typeof stepsAbout>;

const from = (devices: fc.Arbitrary<number>) => (step: fc.Arbitrary<Step>) =>
  fc.tuple(step, devices).map(([found, device]): Step => ({ ...found, device }));
const fromOne = from(fc.constant(0));
const fromAnywhere = from(fc.nat({ max: 2 }));

/** Sequences that each reach a rate limit, if no other step interferes. */
function sequencesToLimits(step: Steps): [number, fc.Arbitrary<Step[]>][] {
  const { requestOtp, enter, register, makeAdmin } = step;
  const guessCode = fromAnywhere(step.guessCode);
  const twice = (each: fc.Arbitrary<Step>, pause: number) =>
    inTurn(...times(4, each), wait(pause), ...times(4, each));
  const bothMails = [
    ...times(3, fromAnywhere(requestOtp)),
    ...times(2, fromAnywhere(step.forgotPassword)),
  ];
  return [
    [2, inTurn(...times(6, fromOne(requestOtp)))],
    [2, inTurn(...times(6, fromOne(step.forgotPassword)))],
    [3, twice(fromAnywhere(requestOtp), 601)],
    [4, inTurn(...bothMails, wait(601), ...bothMails)],
    [2, inTurn(...times(6, fromOne(register)))],
    [4, inTurn(...times(8, fromAnywhere(step.guessLogin)))],
    [2, inTurn(...times(8, fromOne(step.login)))],
    [6, inTurn(requestOtp, ...times(6, guessCode))],
    [4, twice(guessCode, 3601)],
    [4, inTurn(requestOtp, ...times(4, fromOne(step.guessChallenge)))],
    [2, inTurn(...times(9, fromOne(step.verifyOtp)))],
    [4, inTurn(...times(6, fromOne(step.resetPassword)))],
    [2, inTurn(...times(6, fromOne(step.refreshTokens)))],
    [3, inTurn(requestOtp, enter, ...times(6, fromOne(step.guessPassword)))],
    [3, inTurn(requestOtp, enter, ...times(6, fromOne(step.guessStepUp)))],
    [3, inTurn(requestOtp, enter, ...times(4, fromOne(step.exportMyData)))],
    [5, inTurn(requestOtp, enter, ...times(6, fromOne(step.move)))],
    [2, inTurn(...times(6, fromOne(step.undoChange)))],
    [1, inTurn(...times(30, fromOne(step.me)))],
    [3, inTurn(requestOtp, enter, makeAdmin, ...times(5, fromOne(step.enableUser)))],
  ];
}

function turnsOf(person: string, other: string): fc.Arbitrary<Step[]> {
  const { makeAdmin, ...step } = stepsAbout(person);
  const { register, login, requestOtp, verifyOtp, forgotPassword, resetPassword } = step;
  const { refreshTokens, refreshAgain, logout, me, updateProfile, auditLogs } = step;
  const { requestStepUp, confirm, exportMyData } = step;
  const { enter, reset, changePassword, sessions, revokeSession, revokeOthers } = step;
  const singles = Object.values(step).map((each) => inTurn(each));
  const signedIn = fc.oneof(me, updateProfile, auditLogs, logout, refreshTokens);
  const signIn = [requestOtp, enter];
  const { users, user, disableUser, enableUser } = step;
  const about = stepsAbout(other);
  const signInOther = [about.requestOtp, about.enter];
  const disableOther = about.disableUser;
  /** Past the limits that a turn before may have met. */
  const freshly = wait(601, 86_401);
  const { createApiKey, apiKeys, revokeApiKey: revokeKey } = step;
  const asMachine = [about.setUserMetadata, about.disableUser, auditLogs, revokeKey, users];
  const steppedUp = [...signIn, requestStepUp, confirm];
  const { webhookDeliveries: deliveries } = step;
  const hooked = [step.createWebhook, step.createWebhook, deliveries];
  const sure = sureAdmin(person);
  const moved = [freshly, ...steppedUp, about.changeEmail, about.move];
  const asAdmin = [...signInOther, freshly, ...signIn, makeAdmin];
  return weighted(
    ...singles.map((single): [number, fc.Arbitrary<Step[]>] => [2, single]),
    [6, inTurn(requestOtp, verifyOtp, signedIn, signedIn)],
    [6, inTurn(register, verifyOtp, signedIn, login, verifyOtp)],
    [6, inTurn(register, forgotPassword, resetPassword, login, verifyOtp)],
    [4, inTurn(requestOtp, verifyOtp, makeAdmin, auditLogs)],
    [6, inTurn(requestOtp, verifyOtp, refreshTokens, wait(1, 9, 11), refreshAgain, signedIn)],
    [5, inTurn(freshly, register, login, enter, changePassword, changePassword, login)],
    [5, inTurn(freshly, register, forgotPassword, reset, login, enter, changePassword, sessions)],
    [8, inTurn(freshly, ...signIn, ...signIn, sessions, revokeSession, revokeSession, signedIn)],
    [6, inTurn(freshly, ...signIn, exportMyData, requestStepUp, confirm, exportMyData)],
    [4, inTurn(freshly, ...signIn, requestStepUp, confirm, step.deleteMyAccount, ...signIn)],
    [3, inTurn(freshly, ...signIn, step.requestStepUp, ...times(3, step.stepUp), exportMyData)],
    [6, inTurn(...moved, me, step.undoChange, ...signIn, me)],
    [5, inTurn(...moved, ...signInOther, ...signIn, register, exportMyData, step.undoChange)],
    [3, inTurn(...moved, wait(1, 601, 15 * 86_400), step.undoChange, step.undoChange, enter)],
    [3, inTurn(...moved, step.deleteMyAccount, freshly, step.changeEmail, step.move, auditLogs)],
    [5, inTurn(freshly, ...signIn, ...signIn, revokeOthers, sessions, signedIn)],
    [6, inTurn(...signIn, makeAdmin, users, user, disableUser, user, enableUser, users)],
    [
      6,
      inTurn(...signInOther, ...signIn, makeAdmin, disableOther, ...signInOther, signedIn, users),
    ],
    [10, inTurn(...asAdmin, about.setUserRole, about.setUserMetadata, about.revokeUserSessions)],
    [4, inTurn(...asAdmin, about.guessLogin, about.guessLogin, about.unlockUser, about.guessLogin)],
    [4, inTurn(...asAdmin, about.deleteUser, about.createUser, ...signInOther, users)],
    [6, inTurn(freshly, ...signIn, makeAdmin, about.createUser, about.createUser, users)],
    [8, inTurn(...asAdmin, requestStepUp, confirm, createApiKey, users, ...asMachine, apiKeys)],
    [
      8,
      inTurn(...asAdmin, requestStepUp, confirm, createApiKey, about.setUserRole, user, revokeKey),
    ],
    [8, inTurn(...sure, step.eventCounts, step.outbox, step.signingKeys)],
    [8, inTurn(freshly, ...steppedUp, ...times(4, fromOne(about.changeEmail)))],
    [4, inTurn(...sureDeletion(person), ...signIn)],
    [6, inTurn(...sure, ...sureRedelivery, step.redeliver, step.webhooks)],
    [14, inTurn(...sure, ...hooked, wait(1), step.redeliver, step.redeliver, step.webhooks)],
    [14, inTurn(...sure, ...hooked, step.updateWebhook, step.rotateWebhookSecret, deliveries)],
    [8, inTurn(...sure, ...hooked, step.deleteWebhook, step.deleteWebhook, deliveries)],
    [6, inTurn(...sureSignIn(other), ...sure, about.deleteUser, about.unlockUser, users)],
    ...sequencesToLimits({ makeAdmin, ...step }),
    ...factorTurns(person, other, { ...step, moves: [about.changeEmail, about.move] }),
  );
}

const [ada, bob, cyd] = inputs.people;

const turn = weighted([4, turnsOf(ada, bob)], [2, turnsOf(bob, cyd)], [1, turnsOf(cyd, ada)]);
const scriptsOf = (maxLength: number): fc.Arbitrary<Script> =>
  fc.array(turn, { minLength: 1, maxLength, size: 'max' }).map((turns) => turns.flat());

/** A few people, a few devices, a few steps; now and then a few dozen. */
export const scripts: fc.Arbitrary<Script> = weighted([9, scriptsOf(4)], [1, scriptsOf(12)]);

const inCookieMode = (step: fc.Arbitrary<Step>): fc.Arbitrary<Step> =>
  fc.tuple(step, inputs.cookieMode).map(([found, cookieMode]): Step => ({ ...found, cookieMode }));

/** Scripts of a browser in cookie mode, and of clients without it. */
export const cookieScripts: fc.Arbitrary<Script> = fc
  .array(cookieTurns(ada), { minLength: 1, maxLength: 6, size: 'max' })
  .map((turns) => turns.flat());

function cookieTurns(person: string): fc.Arbitrary<Step[]> {
  const step = stepsAbout(person);
  const { requestOtp, enter, refreshTokens, refreshAgain, logout, me } = step;
  const changes = [step.revokeOthers, step.revokeSession, step.changePassword, step.reset, logout];
  const refresh = ask('refreshTokens', { refreshToken: fc.constant(undefined) });
  const end = ask('logout', fc.constant(undefined), inputs.bearer);
  const signIn = [requestOtp, inCookieMode(enter)];
  const either = fc
    .oneof(refresh, end, refreshTokens, refreshAgain, logout)
    .chain((step) => fc.oneof(inCookieMode(fc.constant(step)), fc.constant(step)));
  return weighted(
    [4, inTurn(...signIn, inCookieMode(refresh), either, me)],
    [4, inTurn(...signIn, inCookieMode(refresh), wait(1, 11), inCookieMode(refresh), either)],
    [2, inTurn(...signIn, ...signIn, inCookieMode(end), either, me)],
    [2, inTurn(requestOtp, enter, inCookieMode(refreshTokens), either, wait(601, 901), me)],
    [1, inTurn(either, wait(15 * 86_400), either)],
    [8, trustTurn(person, signIn, changes)],
  );
}

/** Trusts a browser, signs in without the factor, and does something that may end the trust. */
function trustTurn(
  person: string,
  signIn: readonly fc.Arbitrary<Step>[],
  changes: readonly fc.Arbitrary<Step>[],
): fc.Arbitrary<Step[]> {
  const { trustDevice, trustedDevices, removeTrustedDevice } = trustSteps(person);
  const { removeTotp, guessFactor, stepUpByFactor, renewRecoveryCodes } = factorSteps(person);
  const trust = [...sureFactor(person), wait(61), ...signIn, inCookieMode(trustDevice)];
  const others = fc.oneof(removeTotp, renewRecoveryCodes, ...changes);
  const ends = weighted([3, removeTrustedDevice], [4, others]);
  const more = fc.oneof(guessFactor, stepUpByFactor, trustedDevices);
  return inTurn(
    ...[...trust, wait(601), ...signIn, trustedDevices, more, ends, trustedDevices],
    ...[wait(601, 15 * 86_400, 31 * 86_400), ...signIn, trustedDevices],
  );
}
