/** Time and origin of a request. */
export interface Asked {
  readonly at: Date;
  readonly ip: string;
  readonly userAgent: string;
}

/** A security notice to the owner of an account. */
export type Notice =
  | 'ALREADY_REGISTERED'
  | 'PASSWORD_DROPPED'
  | 'PASSWORD_CHANGED'
  | 'PASSWORD_RESET'
  | 'PASSKEY_ADDED'
  | 'PASSKEY_REMOVED'
  | 'PASSKEY_COPIED'
  | 'ACCOUNT_DELETED'
  | 'API_KEY_CREATED'
  | 'WEBHOOK_SWITCHED_OFF'
  | 'TOKEN_REUSED'
  | 'WRONG_PASSWORDS'
  | 'EMAIL_TAKEN'
  | 'EMAIL_CHANGED_BACK'
  | 'EMAIL_CHANGE_UNDONE'
  | 'FACTOR_ADDED'
  | 'FACTOR_REMOVED'
  | 'RECOVERY_CODE_USED'
  | 'RECOVERY_CODES_RENEWED'
  | 'DEVICE_TRUSTED'
  | 'FACTOR_ENROLMENT_UNDONE'
  | 'FACTORS_RESET';

export type MailContent =
  | {
      readonly about: 'SIGN_IN_CODE' | 'RESET_CODE' | 'CONFIRM_CODE' | 'EMAIL_CHANGE_CODE';
      readonly code: string;
      readonly challengeId: string;
      readonly expiresAt: Date;
    }
  | { readonly about: Notice }
  /** A notice to the old address. The fragment of the URL is the secret that undoes the change. */
  | {
      readonly about: 'EMAIL_CHANGE_REQUESTED' | 'EMAIL_CHANGED';
      readonly newEmail: string;
      readonly undoUrl: string;
    }
  /** Notices about second factors. The fragment of the URL is the secret that takes the change back. */
  | { readonly about: 'FACTOR_ENROLLED'; readonly undoUrl: string }
  | { readonly about: 'FACTOR_RESET_REQUESTED'; readonly undoUrl: string; readonly dueAt: Date }
  /** A placeholder that is never sent. It needs the same work, size and time as a mail. */
  | { readonly about: 'NOTHING' };

/** A mail to send. It is encrypted in the outbox until the worker renders it. */
export type MailOrder = MailContent & {
  readonly to: string;
  readonly asked: Asked;
  /** Preferred languages, best first (BCP 47). Mails of release 0.2 have none. */
  readonly languages?: readonly string[];
};

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface Mail {
  /** Stays the same over every attempt, so that clients recognise duplicates (RFC 5322 §3.6.4). */
  readonly messageId: string;
  readonly to: Mailbox;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** The signal aborts the delivery. @throws OverloadedError if its domain has too many */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
}
