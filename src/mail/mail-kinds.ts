import type { MailOrder, Notice } from '../ports/mail-order.ts';

export type MailKind = Exclude<MailOrder['about'], 'NOTHING'>;

/** A mail that is to be sent. */
export type SentOrder = Exclude<MailOrder, { about: 'NOTHING' }>;

/** Reason of each mail with a code. */
const codeKinds = {
  SIGN_IN_CODE: '`login`, `requestOtp` or `register`',
  RESET_CODE: '`forgotPassword`',
  CONFIRM_CODE: '`requestStepUp`',
  EMAIL_CHANGE_CODE: '`changeEmail`, to the new address',
} as const;

/** Reason of each mail with a link that undoes a change. */
const undoKinds = {
  EMAIL_CHANGE_REQUESTED: '`changeEmail`, to the old address',
  EMAIL_CHANGED: '`confirmEmailChange`, to the old address',
} as const;

/** Reason of each mail with a link that keeps the second factors from a thief. */
const factorUndoKinds = {
  FACTOR_ENROLLED: 'the first second factor of an account was enrolled',
  FACTOR_RESET_REQUESTED: '`resetUserFactors`',
} as const;

/** Variables of every mail, with their meaning. */
const common = {
  app: '`APP_NAME`',
  email: 'recipient',
  when: 'time of the request, in UTC',
  ip: 'IP address of the request',
  device: 'browser and system of the request',
  logo: '`MAIL_LOGO_URL`, or empty',
  accent: '`MAIL_ACCENT`',
  onAccent: 'text colour that is readable on `accent`: `#ffffff` or `#18181b`',
};
const ofCodes = {
  code: 'the code',
  expiresIn: 'lifetime of the code, such as `5 minutes`',
  expiresAt: 'expiry of the code, in UTC',
  host: 'host of `PUBLIC_URL`',
};
const ofUndo = { undoUrl: 'link that undoes the change' };
const ofNewEmail = { newEmail: 'new address of the account' };
const ofReset = { dueAt: 'time from which the factors are removed, in UTC' };

export const commonVariables: readonly string[] = Object.keys(common);

/** Meaning of each variable. */
export const variables: Readonly<Record<string, string>> = {
  ...common,
  ...ofCodes,
  ...ofNewEmail,
  ...ofUndo,
  ...ofReset,
};

/** Reason of each notice. */
const noticeKinds: Readonly<Record<Notice, string>> = {
  ALREADY_REGISTERED: 'someone tried to register a verified address',
  PASSWORD_CHANGED: '`changePassword`',
  PASSWORD_RESET: '`resetPassword`',
  PASSWORD_DROPPED: 'a code verified the address, and an earlier password was removed',
  PASSKEY_ADDED: '`registerPasskey`',
  PASSKEY_REMOVED: '`removePasskey`',
  PASSKEY_COPIED: 'the signature counter of a passkey went back; once a day',
  ACCOUNT_DELETED: '`deleteMyAccount`',
  API_KEY_CREATED: '`createApiKey`',
  WEBHOOK_SWITCHED_OFF: 'a webhook failed for three days, to each `ADMIN`',
  TOKEN_REUSED: 'a used refresh token came back',
  WRONG_PASSWORDS: 'wrong passwords or codes of an app ended a session',
  EMAIL_TAKEN: '`changeEmail` of another account to this address',
  EMAIL_CHANGED_BACK: '`confirmEmailChange` back to an earlier address',
  EMAIL_CHANGE_UNDONE: '`undoEmailChange`, to both addresses',
  FACTOR_ADDED: 'a further second factor was enrolled, or the authenticator app replaced',
  FACTOR_REMOVED: 'a second factor was removed',
  RECOVERY_CODE_USED: 'a recovery code was used',
  RECOVERY_CODES_RENEWED: '`renewRecoveryCodes`',
  DEVICE_TRUSTED: '`verifyFactor` with `trustDevice`',
  FACTOR_ENROLMENT_UNDONE: '`undoFactorChange`',
  FACTORS_RESET: 'a reset of the factors was due, and the owner signed in',
};

/** Reason of each mail. */
export const mailReasons: Readonly<Record<MailKind, string>> = {
  ...codeKinds,
  ...undoKinds,
  ...factorUndoKinds,
  ...noticeKinds,
};
export const mailKinds = Object.keys(mailReasons) as readonly MailKind[];

export const carriesCode = (kind: MailKind): boolean => kind in codeKinds;
export const carriesNewEmail = (kind: MailKind): boolean => kind in undoKinds;
export const carriesUndo = (kind: MailKind): boolean =>
  carriesNewEmail(kind) || kind in factorUndoKinds;

/** Returns the names of the variables of a kind of mail. */
export const variablesOf = (kind: MailKind): readonly string[] =>
  Object.keys({
    ...common,
    ...(carriesCode(kind) && ofCodes),
    ...(carriesNewEmail(kind) && ofNewEmail),
    ...(carriesUndo(kind) && ofUndo),
    ...(kind === 'FACTOR_RESET_REQUESTED' && ofReset),
  });

/** Returns the variable that text and HTML of a mail must contain, if there is one. */
export function requiredVariable(kind: MailKind): string | undefined {
  if (carriesCode(kind)) return 'code';
  return carriesUndo(kind) ? 'undoUrl' : undefined;
}

/** Returns the name of the template files of a kind, such as `sign-in-code`. */
export const fileNameOf = (kind: MailKind): string => kind.toLowerCase().replaceAll('_', '-');
