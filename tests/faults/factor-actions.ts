import { type Action, lostAccess, lostCode, signedIn, steppedUp } from './action.ts';

const enrolled = 'Your Acme account now needs a second step to sign in';
const recovered = 'A recovery code of your Acme account was used';
const trusted = 'A trusted device was added to your Acme account';

/** Whoever has another clock shows another code, and a lost challenge completes no sign-in. */
const lostProof = {
  by: ['lost codes', 'expired code', 'another clock'],
  events: ['FACTOR_FAILED'],
} as const;
const otherClock = { by: ['another clock'], events: ['FACTOR_FAILED'] } as const;
const proves = { operation: 'verifyFactor', excused: { INVALID_OTP: lostProof } } as const;
const confirms = {
  operation: 'stepUp',
  excused: { INVALID_OTP: otherClock, UNAUTHENTICATED: lostAccess },
} as const;

/** Second factors. */
export const factorActions = {
  enrollTotp: { operation: 'enrollTotp', yields: { done: [] }, ...steppedUp },
  confirmTotp: {
    operation: 'confirmTotp',
    yields: { done: ['FACTOR_ENROLLED'] },
    mail: enrolled,
    excused: { ...steppedUp.excused, BAD_USER_INPUT: { by: ['another clock'], events: [] } },
  },
  removeTotp: {
    operation: 'removeTotp',
    yields: { done: ['FACTOR_REMOVED'] },
    mail: 'A second step was removed from your Acme account',
    ...steppedUp,
  },
  renewRecoveryCodes: {
    operation: 'renewRecoveryCodes',
    yields: { done: ['RECOVERY_CODES_RENEWED'] },
    mail: 'Your Acme recovery codes were renewed',
    ...steppedUp,
  },
  undoFactor: {
    operation: 'undoFactorChange',
    yields: { done: ['FACTOR_ENROLMENT_UNDONE'] },
    mail: 'Two-step sign-in of your Acme account was undone',
  },
  /** The mailed code of an account with a factor. */
  verifyHalf: {
    operation: 'verifyOtp',
    yields: { MFA_REQUIRED: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode },
  },
  verifyHalfRetry: {
    operation: 'verifyOtp',
    yields: { MFA_REQUIRED: ['OTP_VERIFIED'], INVALID_OTP: ['OTP_FAILED'] },
  },
  proveTotp: { ...proves, yields: { done: ['FACTOR_VERIFIED'] } },
  proveRecoveryCode: { ...proves, yields: { done: ['FACTOR_VERIFIED'] }, mail: recovered },
  /** In a browser that is trusted from now on. */
  proveTrusting: {
    ...proves,
    yields: { done: ['FACTOR_VERIFIED', 'DEVICE_TRUSTED'] },
    mail: trusted,
  },
  proveTrustingAgain: {
    operation: 'verifyFactor',
    yields: { done: ['FACTOR_VERIFIED', 'DEVICE_TRUSTED'], INVALID_OTP: ['FACTOR_FAILED'] },
    mayMail: trusted,
  },
  /** The mailed code in a trusted browser, which needs no factor. */
  verifyTrusted: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode },
  },
  verifyTrustedRetry: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'], INVALID_OTP: ['OTP_FAILED'] },
  },
  /** The mailed code in a browser of which no answer tells whether it is trusted. */
  verifyUnsure: {
    operation: 'verifyOtp',
    yields: { done: ['OTP_VERIFIED'], MFA_REQUIRED: ['OTP_VERIFIED'] },
    excused: { INVALID_OTP: lostCode },
  },
  verifyUnsureRetry: {
    operation: 'verifyOtp',
    yields: {
      done: ['OTP_VERIFIED'],
      MFA_REQUIRED: ['OTP_VERIFIED'],
      INVALID_OTP: ['OTP_FAILED'],
    },
  },
  trustedDevices: { operation: 'trustedDevices', yields: { done: [] }, ...signedIn },
  removeDevice: {
    operation: 'removeTrustedDevice',
    yields: { done: ['DEVICE_TRUST_ENDED'] },
    ...signedIn,
  },
  /** A proof that is sent once more, as no answer came, or to both servers at once. */
  proveTotpAgain: {
    operation: 'verifyFactor',
    yields: { done: ['FACTOR_VERIFIED'], INVALID_OTP: ['FACTOR_FAILED'] },
  },
  proveRecoveryCodeAgain: {
    operation: 'verifyFactor',
    yields: { done: ['FACTOR_VERIFIED'], INVALID_OTP: ['FACTOR_FAILED'] },
    mayMail: recovered,
  },
  stepUpByTotp: { ...confirms, yields: { done: ['FACTOR_VERIFIED'] } },
  stepUpByRecoveryCode: { ...confirms, yields: { done: ['FACTOR_VERIFIED'] }, mail: recovered },
  /** A proof that was used. */
  spentProof: {
    operation: 'stepUp',
    yields: { INVALID_OTP: ['FACTOR_FAILED'] },
    excused: { UNAUTHENTICATED: lostAccess },
  },
} as const satisfies Record<string, Action>;
