import type { MailOrder, Notice } from '../ports/mail-order.ts';
import { deviceOf } from './device.ts';

/** Content of a mail, before it becomes text or HTML. */
export interface Letter {
  readonly subject: string;
  readonly opening: string;
  /** Shown large, to be typed or copied. */
  readonly code?: string;
  /** Shown as a button. */
  readonly link?: { readonly name: string; readonly url: string };
  readonly paragraphs: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
}

type Words = readonly [subject: string, opening: string, ...paragraphs: string[]];

const notices: Readonly<Record<Notice, Words>> = {
  ALREADY_REGISTERED: [
    'Someone tried to register with your address',
    'Someone tried to register an account with your address. You already have an account.',
    'Nothing has changed. If it was you, sign in, or set a new password with "forgot password".',
    'If it was not you, you can ignore this mail.',
  ],
  PASSWORD_CHANGED: [
    'Your password was changed',
    'The password of your account was changed with the old password.',
    'All other devices were signed out. If it was you, you can ignore this mail.',
    'If it was not you, set a new password with "forgot password" now. This signs out all devices.',
  ],
  PASSWORD_RESET: [
    'Your password was reset',
    'Someone set a new password for your account with a code that we mailed to you.',
    'All devices were signed out. If it was you, sign in with the new password.',
    'If it was not you, someone else can read your mail. Secure your mailbox first, then set a new password with "forgot password".',
  ],
  ACCOUNT_DELETED: [
    'Your account was deleted',
    'Someone who was signed in to your account confirmed your identity and deleted the account.',
    'All devices were signed out, and your personal data was removed. If it was you, you can ignore this mail.',
    'If it was not you, someone else can read your mail or knows your password. Secure your mailbox first.',
  ],
  API_KEY_CREATED: [
    'An API key was created with your account',
    'Someone who was signed in to your account confirmed your identity and created an API key. A program can administer users with it.',
    'If it was you, you can ignore this mail.',
    'If it was not you, set a new password with "forgot password", sign in, and revoke the key at once. A new password does not end it.',
  ],
  TOKEN_REUSED: [
    'We signed out a device for your security',
    'An old sign-in token of your account was used again. This can mean that someone copied it from one of your devices. We signed out that device.',
    'Sign in again on that device. If you cannot explain this, for example by a restored backup, have the device checked for malware.',
    'If you are in doubt, set a new password with "forgot password". This signs out all devices.',
  ],
  WRONG_PASSWORDS: [
    'A device was signed out after wrong passwords',
    'Someone who was signed in to your account entered a wrong current password several times while trying to change the password. We signed out that device.',
    'If it was you, sign in again, or set a new password with "forgot password".',
    'If it was not you, someone else can use one of your devices. Set a new password with "forgot password" now. This signs out all devices.',
  ],
  EMAIL_TAKEN: [
    'Someone tried to use your address for another account',
    'Someone who is signed in to another account tried to change its address to yours. You already have an account.',
    'Nothing has changed. If it was you, delete one of the two accounts first.',
    'If it was not you, you can ignore this mail.',
  ],
  EMAIL_CHANGED_BACK: [
    'The e-mail address of your account was changed back',
    'Someone who is signed in to your account changed its address back to an earlier one, with a code that we mailed there. This address gets no more mail from us.',
    'If it was you, you can ignore this mail. If it was not you, someone else can read the mail of the earlier address. Contact us.',
  ],
  EMAIL_CHANGE_UNDONE: [
    'The change of your e-mail address was undone',
    'Someone used the undo link that we had mailed to the old address of your account. The account has its old address again.',
    'All devices were signed out, and the password was removed. Sign in with a code to the old address, and set a new password with "forgot password".',
    'If you had changed the address yourself, someone else can read the mail of the old address. Contact us before you change it again.',
  ],
  PASSWORD_DROPPED: [
    'The password of your account was removed',
    'You signed in with a code and verified your e-mail address.',
    'Before you verified your address, someone had set a password for this account. We removed that password and the names set with it.',
    'To sign in with a password, set one with "forgot password".',
  ],
};

const undoable = {
  EMAIL_CHANGE_REQUESTED: [
    'Someone wants to change the e-mail address of your account',
    'Someone who is signed in to your account confirmed your identity and asked to change its address.',
    'The address changes only after a code that we mailed to the new one was entered. If it was you, you can ignore this mail.',
  ],
  EMAIL_CHANGED: [
    'The e-mail address of your account was changed',
    'From now on, your account has a new address, and this one gets no more mail from us.',
    'If it was you, you can ignore this mail. For 7 days nobody else can use this address here.',
  ],
} as const satisfies Record<string, Words>;

const UNDO =
  'If it was not you, open the link within 7 days. This keeps or restores this address, signs out all devices, and removes the password and API keys.';

const codePurposes = {
  SIGN_IN_CODE: 'sign-in',
  RESET_CODE: 'password reset',
  CONFIRM_CODE: 'confirmation',
  EMAIL_CHANGE_CODE: 'address change',
};

const NEW_ADDRESS =
  'Someone who is signed in to an account wants to use this address for it. When the code is entered there, the account gets its codes and notices here.';

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});
const when = (date: Date): string => `${moment.format(date)} UTC`;

/** Writes a mail. @throws if this version does not know its kind */
export function letterOf(order: Exclude<MailOrder, { about: 'NOTHING' }>): Letter {
  const { at, ip, userAgent } = order.asked;
  const words = wordsOf(order);
  if (!words) {
    throw new Error(
      `Unknown kind of mail: ${order.about}. A newer release created it; upgrade the worker.`,
    );
  }
  const [subject, opening, ...paragraphs] = words;
  const facts = [
    ['Time', when(at)],
    ['IP address', ip],
    ['Device', deviceOf(userAgent)],
  ] as const;
  const letter = { subject, opening, paragraphs, facts };
  if ('code' in order) return { ...letter, code: order.code };
  if (!('undoUrl' in order)) return letter;
  return {
    ...letter,
    link: { name: 'It was not me', url: order.undoUrl },
    facts: [['New address', order.newEmail], ...facts],
  };
}

function wordsOf(order: Exclude<MailOrder, { about: 'NOTHING' }>): Words | undefined {
  if ('code' in order) return codeWords(order);
  return 'undoUrl' in order ? [...undoable[order.about], UNDO] : notices[order.about];
}

function codeWords({ about, expiresAt }: Extract<MailOrder, { code: string }>): Words {
  const purpose = codePurposes[about];
  return [
    `Your ${purpose} code`,
    `Your ${purpose} code:`,
    ...(about === 'EMAIL_CHANGE_CODE' ? [NEW_ADDRESS] : []),
    `You can use it once. It expires on ${when(expiresAt)}. Don't share this code with anyone.`,
    'If you did not request this code, you can ignore this mail.',
  ];
}
