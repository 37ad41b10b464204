import type { MailOrder, Notice } from '../ports/mail-order.ts';
import { deviceOf } from './device.ts';

/** Content of a mail, before it becomes text or HTML. */
export interface Letter {
  readonly subject: string;
  readonly opening: string;
  /** Shown large, to be typed or copied. */
  readonly code?: string;
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
  PASSWORD_DROPPED: [
    'The password of your account was removed',
    'You signed in with a code and verified your e-mail address.',
    'Before you verified your address, someone had set a password for this account. We removed that password and the names set with it.',
    'To sign in with a password, set one with "forgot password".',
  ],
};

const codePurposes = {
  SIGN_IN_CODE: 'sign-in',
  RESET_CODE: 'password reset',
  CONFIRM_CODE: 'confirmation',
};

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});
const when = (date: Date): string => `${moment.format(date)} UTC`;

/** Writes a mail. @throws if this version does not know its kind */
export function letterOf(order: Exclude<MailOrder, { about: 'NOTHING' }>): Letter {
  const { at, ip, userAgent } = order.asked;
  const words: Words | undefined = 'code' in order ? codeWords(order) : notices[order.about];
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
  return { subject, opening, paragraphs, facts, ...('code' in order && { code: order.code }) };
}

function codeWords({ about, expiresAt }: Extract<MailOrder, { code: string }>): Words {
  const purpose = codePurposes[about];
  return [
    `Your ${purpose} code`,
    `Your ${purpose} code:`,
    `You can use it once. It expires on ${when(expiresAt)}. Don't share this code with anyone.`,
    'If you did not request this code, you can ignore this mail.',
  ];
}
