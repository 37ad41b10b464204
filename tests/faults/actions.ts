import type { AuditEventName } from '#src/audit/event-types.ts';
import { type Action, lostAccess, lostCode, signedIn, steppedUp } from './action.ts';
import { addressActions, CODE_FOR_NEW_ADDRESS } from './address-actions.ts';
import { factorActions } from './factor-actions.ts';

/** Subjects of the mails with codes, without the code. */
export const subjects = {
  SIGN_IN: 'Your Acme code',
  RESET_PASSWORD: 'Your Acme password reset code',
  CONFIRM: 'Your Acme confirmation code',
  CHANGE_EMAIL: CODE_FOR_NEW_ADDRESS,
} as const;
const registered = 'You already have an account at Acme';
const dropped = 'We removed an old password from your Acme account';
const changed = 'Your Acme password was changed';
const reset = 'Your Acme password was reset';
const reused = 'We signed out one of your Acme devices';

/** Subjects of release 0.2, and those of today. */
export const formerSubjects: Readonly<Record<string, string>> = {
  'Your code to sign in': subjects.SIGN_IN,
  'Your code to set a new password': subjects.RESET_PASSWORD,
  'Somebody tried to register your address': registered,
  'A device was signed out for safety': reused,
  'The password of your account was removed': dropped,
  'Your password was changed': changed,
  'Your password was reset': reset,
};

const lateParent = {
  excused: { INVALID_TOKEN: { by: ['another clock', 'late'], events: ['TOKEN_REUSED'] } },
  mayMail: reused,
} as const;
const wrong = { yields: { INVALID_OTP: ['OTP_FAILED'] } } as const;

/** All actions. Each event is recorded once for each time, and each mail sent. */
export const actions = {
  register: {
    operation: 'register',
    yields: { done: ['REGISTERED', 'OTP_REQUESTED'] },
    mail: subjects.SIGN_IN,
  },
  registerAgain: {
    operation: 'register',
    yields: { done: ['REGISTERED', 'OTP_REQUESTED'] },
    mail: registered,
  },
  login: {
    operation: 'login',
    yields: { done: ['LOGIN_SUCCEEDED', 'OTP_REQUESTED'] },
    mail: subjects.SIGN_IN,
  },
  wrongPassword: { operation: 'login', yields: { INVALID_CREDENTIALS: ['LOGIN_FAILED'] } },
  /** Guesses passwords until the first LOCKED. */
  guessPassword: {
    operation: 'login',
    yields: { INVALID_CREDENTIALS: ['LOGIN_FAILED'], LOCKED: ['LOGIN_LOCKED'] },
  },
  requestOtp: {
    operation: 'requestOtp',
    yields: { done: ['OTP_REQUESTED'] },
    mail: subjects.SIGN_IN,
  },
  verify: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode },
  },
  /** Verifies the address for the first time, which drops a password that somebody else may have set. */
  verifyDropping: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode },
    mail: dropped,
  },
  /** The code once more, as no answer came: it may have worked before. */
  verifyRetry: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'], INVALID_OTP: ['OTP_FAILED'] },
    mayMail: dropped,
  },
  wrongCode: { operation: 'verifyOtp', ...wrong },
  guessCode: {
    operation: 'verifyOtp',
    yields: { INVALID_OTP: ['OTP_FAILED'], LOCKED: ['OTP_LOCKED'] },
  },
  /** The right code at both servers at once. */
  verifyRace: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'], INVALID_OTP: ['OTP_FAILED'] },
  },
  codeAgain: { operation: 'verifyOtp', ...wrong },
  forgotPassword: {
    operation: 'forgotPassword',
    yields: { done: ['PASSWORD_RESET_REQUESTED'] },
    mail: subjects.RESET_PASSWORD,
  },
  reset: {
    operation: 'resetPassword',
    yields: { done: ['PASSWORD_RESET'] },
    excused: { INVALID_OTP: lostCode },
    mail: reset,
  },
  resetRetry: {
    operation: 'resetPassword',
    yields: { done: ['PASSWORD_RESET'], INVALID_OTP: ['OTP_FAILED'] },
    mayMail: reset,
  },
  resetCodeAgain: { operation: 'resetPassword', ...wrong },
  refresh: { operation: 'refreshTokens', yields: { done: ['TOKEN_REFRESHED'] } },
  /** Presents a token again after a lost answer: it rotates now, or returns the same child. */
  refreshRetry: {
    operation: 'refreshTokens',
    yields: { done: ['TOKEN_REFRESHED'] },
    ...lateParent,
  },
  /** The direct parent within its 10 s: the same child again. */
  refreshAgain: { operation: 'refreshTokens', yields: { done: [] }, ...lateParent },
  /** A spent token that is no direct parent. */
  reuse: {
    operation: 'refreshTokens',
    yields: { INVALID_TOKEN: ['TOKEN_REUSED'] },
    mail: reused,
  },
  /** The tokens of a session that has ended. */
  refreshEnded: { operation: 'refreshTokens', yields: { INVALID_TOKEN: [] } },
  meEnded: { operation: 'me', yields: { UNAUTHENTICATED: [] } },
  me: { operation: 'me', yields: { done: [] }, ...signedIn },
  sessions: { operation: 'sessions', yields: { done: [] }, ...signedIn },
  auditLogs: { operation: 'auditLogs', yields: { done: [] }, ...signedIn },
  updateProfile: {
    operation: 'updateProfile',
    yields: { done: ['PROFILE_UPDATED'] },
    ...signedIn,
  },
  changePassword: {
    operation: 'changePassword',
    yields: { done: ['PASSWORD_CHANGED'] },
    mail: changed,
    ...signedIn,
  },
  wrongCurrentPassword: {
    operation: 'changePassword',
    yields: { BAD_USER_INPUT: ['LOGIN_FAILED'] },
    ...signedIn,
  },
  logout: { operation: 'logout', yields: { done: ['LOGGED_OUT'] } },
  revokeSession: {
    operation: 'revokeSession',
    yields: { done: ['SESSION_REVOKED'] },
    ...signedIn,
  },
  revokeOthers: {
    operation: 'revokeOtherSessions',
    yields: { done: ['SESSION_REVOKED'] },
    ...signedIn,
  },
  /** Confirms the identity with the password, or with the code of `requestStepUp`. */
  stepUp: { operation: 'stepUp', yields: { done: ['LOGIN_SUCCEEDED'] }, ...signedIn },
  requestStepUp: {
    operation: 'requestStepUp',
    yields: { done: ['OTP_REQUESTED'] },
    mail: subjects.CONFIRM,
    ...signedIn,
  },
  stepUpByCode: {
    operation: 'stepUp',
    yields: { done: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode, UNAUTHENTICATED: lostAccess },
  },
  ...addressActions,
  ...factorActions,
  exportMyData: { operation: 'exportMyData', yields: { done: [] }, ...steppedUp },
  deleteMyAccount: {
    operation: 'deleteMyAccount',
    yields: { done: ['USER_DELETED'] },
    mail: 'Your Acme account was deleted',
    ...steppedUp,
  },
  createApiKey: {
    operation: 'createApiKey',
    yields: { done: ['API_KEY_CREATED'] },
    mail: 'An API key was created with your Acme account',
  },
  createUser: { operation: 'createUser', yields: { done: ['USER_CREATED'] }, ...signedIn },
  disableUser: { operation: 'disableUser', yields: { done: ['USER_DISABLED'] }, ...signedIn },
  enableUser: { operation: 'enableUser', yields: { done: ['USER_ENABLED'] }, ...signedIn },
  unlockUser: { operation: 'unlockUser', yields: { done: ['USER_UNLOCKED'] }, ...signedIn },
  setUserRole: { operation: 'setUserRole', yields: { done: ['ROLE_CHANGED'] }, ...signedIn },
  revokeUserSessions: {
    operation: 'revokeUserSessions',
    yields: { done: ['SESSION_REVOKED'] },
    ...signedIn,
  },
  deleteUser: { operation: 'deleteUser', yields: { done: ['USER_DELETED'] }, ...signedIn },
} as const satisfies Record<string, Action>;

export type ActionName = keyof typeof actions;

/** Metadata that distinguishes the audit rows of an event. */
export const toldApartBy: Readonly<Partial<Record<AuditEventName, 'challenge' | 'sessionId'>>> = {
  OTP_REQUESTED: 'challenge',
  OTP_VERIFIED: 'challenge',
  FACTOR_VERIFIED: 'challenge',
  PASSWORD_RESET_REQUESTED: 'challenge',
  PASSWORD_RESET: 'challenge',
  TOKEN_REFRESHED: 'sessionId',
  TOKEN_REUSED: 'sessionId',
  PASSWORD_CHANGED: 'sessionId',
  SESSION_REVOKED: 'sessionId',
  LOGGED_OUT: 'sessionId',
  EMAIL_CHANGE_REQUESTED: 'sessionId',
  EMAIL_CHANGED: 'challenge',
};
