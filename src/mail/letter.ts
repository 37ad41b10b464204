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
    'Somebody tried to register your address',
    'Somebody tried to register an account with your address. You already have one.',
    'Nothing has changed. If it was you, sign in, or set a new password with "forgot password".',
    'If it was not you, you can ignore this mail.',
  ],
  PASSWORD_CHANGED: [
    'Your password was changed',
    'Somebody who knew your old password changed the password of your account.',
    'All other devices were signed out. If it was you, you can ignore this mail.',
    'If it was not you, set another password with "forgot password" at once. This signs out all devices.',
  ],
  PASSWORD_RESET: [
    'Your password was reset',
    'A new password was set for your account with a code that was mailed to you.',
    'All devices were signed out. If it was you, sign in with the new password.',
    'If it was not you, somebody reads your mail: secure your mailbox first, then set another password with "forgot password".',
  ],
  TOKEN_REUSED: [
    'A device was signed out for safety',
    'A sign-in key of your account was used twice. This happens if somebody has copied it from a device. We signed out that device.',
    'Sign in on it again. If you know no reason, such as a restored backup, have the device checked.',
    'If you are in doubt, set another password with "forgot password". This signs out all devices.',
  ],
  WRONG_PASSWORDS: [
    'A device was signed out after wrong passwords',
    'Somebody who was signed in to your account tried to change its password and entered a wrong current password several times. We signed out that device.',
    'If it was you, sign in again, or set a new password with "forgot password".',
    'If it was not you, somebody else can use one of your devices. Set a new password with "forgot password" at once. This signs out all devices.',
  ],
  PASSWORD_DROPPED: [
    'The password of your account was removed',
    'You have signed in with a code, which verified your e-mail address.',
    'Before that, a password had been set for the account, perhaps by somebody else. We removed it, and the names that came with it.',
    'To sign in with a password, set one with "forgot password".',
  ],
};

const codePurposes = { SIGN_IN_CODE: 'sign in', RESET_CODE: 'set a new password' };

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
  if (!words) throw new Error('This version does not know the kind of the mail.');
  const [subject, opening, ...paragraphs] = words;
  const facts = [
    ['When', when(at)],
    ['From', ip],
    ['With', deviceOf(userAgent)],
  ] as const;
  return { subject, opening, paragraphs, facts, ...('code' in order && { code: order.code }) };
}

function codeWords({ about, expiresAt }: Extract<MailOrder, { code: string }>): Words {
  const purpose = codePurposes[about];
  return [
    `Your code to ${purpose}`,
    `Your code to ${purpose}:`,
    `It works once, until ${when(expiresAt)}. Don't share this code with anyone.`,
    'If you did not ask for this code, you can ignore this mail.',
  ];
}
