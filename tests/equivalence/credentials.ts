import type { Mail } from '#src/ports/mail-order.ts';
import { codeIn, undoSecretIn } from '#tests/support/code-in-mail.ts';
import { wrongCode } from '#tests/support/flow.ts';
import type { Call } from './call.ts';
import type { Operation } from './mapping.ts';
import { type CredentialKind, CredentialRef } from './script.ts';
import type { RestAnswer } from './translate.ts';

/** Sent where nothing of the kind has come yet. */
const nothing: Readonly<Record<CredentialKind, string>> = {
  'access token': 'none',
  'refresh token': 'none',
  'sign-in code': '000000',
  'reset code': '000000',
  'confirm code': '000000',
  'change code': '000000',
  'sign-in challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'reset challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'confirm challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'change challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'undo secret': 'none',
  session: '00000000-0000-7000-8000-000000000000',
  user: '00000000-0000-7000-8000-000000000000',
  'API key': 'gk_none',
  'API key id': '00000000-0000-7000-8000-000000000000',
  webhook: '00000000-0000-7000-8000-000000000000',
  delivery: '00000000-0000-7000-8000-000000000000',
};

type Purpose = 'sign-in' | 'reset' | 'confirm' | 'change';
const purposes: Partial<Record<Operation, Purpose>> = {
  forgotPassword: 'reset',
  requestStepUp: 'confirm',
  changeEmail: 'change',
};

/** Subjects of the mails with codes for other purposes than a sign-in. */
const subjects: readonly (readonly [RegExp, Purpose])[] = [
  [/ password reset code: /, 'reset'],
  [/ confirmation code: /, 'confirm'],
  [/^Confirm your new /, 'change'],
];

/** Credentials that the users of a script received from one replica. */
export class Credentials {
  readonly #held: { kind: CredentialKind; of: string; value: string }[] = [];

  readMail({ to, subject, text }: Mail): void {
    const secret = undoSecretIn(text);
    if (secret) this.#held.unshift({ kind: 'undo secret', of: to.address, value: secret });
    const value = codeIn(text);
    if (!value) return;
    const purpose = subjects.find(([pattern]) => pattern.test(subject))?.[1] ?? 'sign-in';
    this.#held.unshift({ kind: `${purpose} code`, of: to.address, value });
  }

  readAnswer({ operation, input }: Call, { headers, body }: RestAnswer): void {
    const address = input?.email ?? input?.newEmail;
    const of = typeof address === 'string' ? address.trim().toLowerCase() : '';
    const { challenge_id, access, refresh, key, id } = body as Record<string, string | undefined>;
    const keep = (kind: CredentialKind, value: string | undefined) => {
      if (value !== undefined) this.#held.unshift({ kind, of, value });
    };
    keep(`${purposes[operation] ?? 'sign-in'} challenge`, challenge_id);
    keep('access token', access);
    keep('refresh token', (refresh ?? headers.cookie) || undefined);
    keep('API key', key);
    if (operation === 'createApiKey') keep('API key id', id);
    if (operation === 'createWebhook') keep('webhook', id);
    if (operation === 'webhookDeliveries') {
      const { results = [] } = body as { results?: { id: string }[] };
      keep('delivery', results.at(-1)?.id);
    }
    // A refresh does not say whose it is, and opens none.
    if (operation !== 'verifyOtp' || !access) return;
    keep('session', claimsOf(access).sid);
    keep('user', claimsOf(access).sub);
  }

  /** The value behind what a script says, of anything. */
  find(given: unknown): unknown {
    if (!(given instanceof CredentialRef)) return given;
    const { kind, of, age, changed } = given;
    const all = this.#held.filter((each) => each.kind === kind && (of ?? each.of) === each.of);
    const value = all[Math.min(age, all.length - 1)]?.value ?? nothing[kind];
    if (changed === 'wrong') return wrongCode(value);
    return changed === 'padded' ? `  ${value}\n` : value;
  }
}

const claimsOf = (accessToken: string): { readonly sid: string; readonly sub: string } =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
