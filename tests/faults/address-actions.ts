import { type Action, lostAccess, lostCode, signedIn, steppedUp } from './action.ts';

export const CODE_FOR_NEW_ADDRESS = 'Confirm your new Acme address';
const undone = 'The change of your Acme address was undone';

/** Changes of the address. */
export const addressActions = {
  changeEmail: {
    operation: 'changeEmail',
    yields: { done: ['EMAIL_CHANGE_REQUESTED'] },
    mail: 'Did you ask to change your Acme address?',
    ...steppedUp,
  },
  /** Effects of `changeEmail` at the new address. */
  codeForNewAddress: {
    operation: 'changeEmail',
    yields: { done: ['OTP_REQUESTED'] },
    mail: CODE_FOR_NEW_ADDRESS,
    ...steppedUp,
  },
  /** Recorded at the new address. */
  confirmEmailChange: {
    operation: 'confirmEmailChange',
    yields: { done: ['EMAIL_CHANGED'] },
    excused: { INVALID_OTP: lostCode, UNAUTHENTICATED: lostAccess },
  },
  confirmRetry: {
    operation: 'confirmEmailChange',
    yields: { done: ['EMAIL_CHANGED'], INVALID_OTP: ['OTP_FAILED'] },
    ...signedIn,
  },
  confirmAgain: {
    operation: 'confirmEmailChange',
    yields: { INVALID_OTP: ['OTP_FAILED'] },
    ...signedIn,
  },
  /** Effects of `confirmEmailChange` at the old address. */
  noticeOfChange: {
    operation: 'confirmEmailChange',
    yields: { done: [] },
    mail: 'Your Acme address was changed',
  },
  undoEmailChange: {
    operation: 'undoEmailChange',
    yields: { done: ['EMAIL_CHANGE_UNDONE'] },
    mail: undone,
  },
  /** The secret once more, as no answer came: it may have worked before. */
  undoRetry: {
    operation: 'undoEmailChange',
    yields: { done: ['EMAIL_CHANGE_UNDONE'], INVALID_OTP: [] },
    mail: undone,
  },
  undoAgain: { operation: 'undoEmailChange', yields: { INVALID_OTP: [] } },
  /** Effects of `undoEmailChange` at the address that the account had before. */
  noticeOfUndo: { operation: 'undoEmailChange', yields: { done: [] }, mail: undone },
  /** At an address that was given up, and is reserved: nothing is mailed. */
  requestAtFormerAddress: { operation: 'requestOtp', yields: { done: ['OTP_REQUESTED'] } },
  registerFormerAddress: {
    operation: 'register',
    yields: { done: ['REGISTERED', 'OTP_REQUESTED'] },
  },
} as const satisfies Record<string, Action>;
