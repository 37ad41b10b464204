import type { Asked, MailOrder } from '../ports/mail-order.ts';
import { deviceOf } from './device.ts';

/** What a mail says, before it becomes text or HTML. */
export interface Letter {
  readonly subject: string;
  readonly opening: string;
  /** Shown large, to be typed or copied. */
  readonly code?: string;
  readonly paragraphs: readonly string[];
  readonly facts: readonly (readonly [label: string, value: string])[];
}

type Sendable = Exclude<MailOrder, { about: 'NOTHING' }>;

const moment = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

const when = (date: Date): string => `${moment.format(date)} UTC`;

const facts = (asked: Asked): Letter['facts'] => [
  ['When', when(asked.at)],
  ['From', asked.ip],
  ['With', deviceOf(asked.userAgent)],
];

/** The words of every mail. */
export function letterOf(order: Sendable): Letter {
  switch (order.about) {
    case 'SIGN_IN_CODE':
      return codeLetter(order, 'sign in');
    case 'RESET_CODE':
      return codeLetter(order, 'set a new password');
    case 'ALREADY_REGISTERED':
      return {
        subject: 'Somebody tried to register your address',
        opening: 'Somebody tried to register an account with your address. You have one already.',
        paragraphs: [
          'Nothing has changed. If it was you, sign in, or ask for a new password.',
          'If it was not you, there is nothing to do.',
        ],
        facts: facts(order.asked),
      };
    case 'PASSWORD_CHANGED':
      return {
        subject: 'Your password was changed',
        opening: 'The password of your account was changed by somebody who knew the old one.',
        paragraphs: [
          'All other devices were signed out. If it was you, there is nothing to do.',
          'If it was not you, set another password with "forgot password" at once: it signs everybody out.',
        ],
        facts: facts(order.asked),
      };
    case 'PASSWORD_RESET':
      return {
        subject: 'Your password was reset',
        opening: 'A new password was set for your account with a code that was mailed to you.',
        paragraphs: [
          'All devices were signed out. If it was you, sign in with the new password.',
          'If it was not you, somebody reads your mail: secure your mailbox first, then set another password with "forgot password".',
        ],
        facts: facts(order.asked),
      };
    case 'TOKEN_REUSED':
      return {
        subject: 'A device was signed out for safety',
        opening:
          'A sign-in key of your account was used twice, as happens when somebody has copied it from a device. That device was signed out.',
        paragraphs: [
          'Sign in again on it. If you know no reason, such as a restored backup, have the device checked.',
          'If you are in doubt, set another password with "forgot password": it signs everybody out.',
        ],
        facts: facts(order.asked),
      };
    case 'WRONG_PASSWORDS':
      return {
        subject: 'A device was signed out after wrong passwords',
        opening:
          'Someone who was signed in to your account tried to change its password and entered a wrong current password several times. We signed out that device.',
        paragraphs: [
          'If it was you, sign in again, or set a new password with "forgot password".',
          'If it was not you, someone else can use one of your devices. Set a new password with "forgot password" at once. This signs out all devices.',
        ],
        facts: facts(order.asked),
      };
    case 'PASSWORD_DROPPED':
      return {
        subject: 'The password of your account was removed',
        opening: 'You have signed in with a code, which verified your e-mail address.',
        paragraphs: [
          'Before that, a password had been set for the account, perhaps by someone else. We removed it, and the names that came with it.',
          'To sign in with a password, set one with "forgot password".',
        ],
        facts: facts(order.asked),
      };
  }
}

function codeLetter(order: Extract<MailOrder, { code: string }>, purpose: string): Letter {
  return {
    subject: `Your code to ${purpose}`,
    opening: `Your code to ${purpose}:`,
    code: order.code,
    paragraphs: [
      `It works once, until ${when(order.expiresAt)}. Give it to nobody.`,
      'If you did not ask for this, you can ignore this mail: nothing happens.',
    ],
    facts: facts(order.asked),
  };
}
