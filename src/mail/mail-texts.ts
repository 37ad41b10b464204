import type { MailKind } from './mail-kinds.ts';

/** Texts of one kind of mail. They may contain variables, such as `{{app}}`. */
export interface MailWords {
  readonly subject: string;
  readonly title: string;
  /** Paragraphs. A code or a button follows them. */
  readonly body: readonly string[];
  /** Replace the texts of the language, in a mail with an undo button that is not about an address. */
  readonly beforeUndo?: string;
  readonly undo?: string;
}

/** All texts of one language. */
export interface MailTexts {
  readonly mails: Readonly<Record<MailKind, MailWords>>;
  /** Paragraphs after every code: its lifetime, a warning, and what to do if it was not requested. */
  readonly afterCode: readonly [string, string, string];
  /** Paragraph before the button that undoes a change of the address. */
  readonly beforeUndo: string;
  readonly undo: string;
  readonly newEmail: string;
  readonly when: string;
  readonly ip: string;
  readonly device: string;
  /** Name of a device that is not a browser. */
  readonly app: string;
  /** Joins browser and system, as in "Firefox on macOS". */
  readonly on: string;
  /** Names the sender and the recipient. */
  readonly footer: string;
  /** Locale of times and durations. */
  readonly dates: string;
}
