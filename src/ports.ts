/** What use cases ask of the outside world. `adapters/` holds the vendors behind it. */

export interface Clock {
  now(): Date;
}

/** A UUIDv7 (RFC 9562) of that moment: sorts by time, then by the order of making. */
export type NewId = (at: Date) => string;

/** The operation was not started: nothing was consumed, compared or changed. */
export class NotStarted extends Error {
  override readonly name: string = 'NotStarted';
}

/** The queue is full. The operation was not started. */
export class Busy extends NotStarted {
  override readonly name = 'Busy';
  /** Whole seconds after which it is worth trying again. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`busy for some ${retryAfter} s`);
    this.retryAfter = retryAfter;
  }
}

/** Password hashing, argon2id (OWASP Password Storage; ASVS 5.0 11.4.2). */
export interface Passwords {
  /**
   * Keeps a place in the queue of hashes until it is disposed of. To be asked for before an attempt
   * is counted: who gets none has used up nothing.
   *
   * @param known whether the client is known to the address; strangers leave some places free
   * @throws Busy where the queue is as long as is worth waiting for
   */
  reserve(known: boolean): Disposable;
  hash(password: string): Promise<string>;
  /**
   * Whether `password` is the one behind `stored`. Without a stored hash it does the same work on
   * a decoy and answers no, so that the time does not tell which accounts have a password.
   */
  verify(stored: string | null, password: string): Promise<boolean>;
  /** Whether `stored` was made with other parameters than today's. */
  needsRehash(stored: string): boolean;
}

/** So many in so many seconds; the window is fixed and begins with the first. */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
}

/** How often something may be attempted. */
export interface Budget extends Limit {
  /** What it is for; part of the event when it is used up. */
  readonly name: string;
  /** Whose attempts are counted. */
  readonly subject: string;
  /**
   * `own` (the default): attempts of one client, cleared when it succeeds. `evictable`: the same
   * for an unknown client; if an address has very many, the oldest is dropped. `shared`: attempts
   * of several clients; a success refunds only its own attempt.
   */
  readonly kind?: 'own' | 'evictable' | 'shared';
}

/** A budget is used up: nothing was taken from any, and nothing was compared. */
export interface Refusal {
  /** Of the budget. */
  readonly name: string;
  /** Whole seconds until the window ends. */
  readonly wait: number;
  /** As long as it is not known that a refusal of the client in this window is recorded. */
  readonly unrecorded?: {
    /** Names budget, client and window, and is of no other. */
    readonly key: string;
    /** Call it after the commit. A refusal that is not confirmed is only looked up again. */
    confirm(): void;
  };
}

/** Rate limits of one kind of subject, exact under any concurrency. */
interface SubjectBudgets {
  /** Returns the refusal that `take` would return, and consumes nothing. */
  check(subject: string, budgets: readonly Budget[], client: string): Promise<Refusal | undefined>;
  /**
   * Takes one from each, in one step, or nothing from any.
   *
   * @param client who attempts; each client's refusal is to be recorded once in a window
   */
  take(subject: string, budgets: readonly Budget[], client: string): Promise<Refusal | undefined>;
  /**
   * Refunds the attempts of each limit after a success. Never rejects: a lost refund stays counted.
   */
  giveBack(subject: string, budgets: readonly Budget[]): Promise<void>;
}

/** Rate limits of addresses (contract §4). */
export interface Budgets extends SubjectBudgets {
  readonly mailbox: SubjectBudgets;
  /** Counts the distinct addresses that a client and its networks touch. */
  touch(address: string, client: string): Promise<Refusal | undefined>;
  /** Whether there is memory for state that unknown clients cause. */
  hasRoom(): Promise<boolean>;
}

/** Authenticated encryption for what is at rest, under keys derived from `SECRET_KEY`. */
export interface Sealer {
  /** @param label bound to the sealed text: it opens only under the same label */
  seal(label: string, text: string): Promise<string>;
  /** @throws when the text was changed, sealed under another label, or under an unknown secret */
  open(label: string, sealed: string): Promise<string>;
  /** Which secret sealed it: today's, the one before, or another. */
  secretOf(sealed: string): 'current' | 'previous' | 'other';
}

export const outboxKinds = ['mail', 'audit'] as const;
export type OutboxKind = (typeof outboxKinds)[number];

/** Lets those with the same key go one after the other. */
export interface Turns {
  /** @throws Busy where the turn came too late */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Tells the workers that an outbox entry waits. Losing the message only costs time. */
export interface JobQueue {
  /** Never throws and never waits: the sweep finds what was not announced. */
  announce(kind: OutboxKind, entryId: string): void;
}

/** When and from where something was asked for. */
export interface Asked {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
}

/** What the owner of an account is told without having asked. */
export type Notice =
  | 'ALREADY_REGISTERED'
  | 'PASSWORD_DROPPED'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'TOKEN_REUSED'
  | 'WRONG_PASSWORDS';

/** What a mail shall say, beside whom it is for and what it answers. */
export type MailContent =
  | {
      readonly about: 'SIGN_IN_CODE' | 'RESET_CODE';
      readonly code: string;
      readonly challengeId: string;
      readonly expiresAt: Date;
    }
  | { readonly about: Notice }
  /** Sends nothing. It stands where a mail would, so that the work, sizes and times are alike. */
  | { readonly about: 'NOTHING' };

/** A mail to be sent. It lies sealed in the outbox until the worker renders it. */
export type MailOrder = MailContent & { readonly to: string; readonly asked: Asked };

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface Mail {
  /** Stable over every try, so that a doubled mail can be recognised (RFC 5322 §3.6.4). */
  readonly messageId: string;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** @param signal ends it, with its connection. @throws Busy where other mails are in the way */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}

/** Logs the warning of an event once per process. */
export type WarnOnce = (event: string, message: string) => void;

/** Structured log lines. Nothing that a client sent as a secret may be among the fields. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** The same log, with these fields in each of its lines. */
  child(fields: object): Log;
}
