import type { Mail } from '#src/ports/mail-order.ts';
import { codeIn, undoSecretIn } from '#tests/support/code-in-mail.ts';
import { wrongCode } from '#tests/support/flow.ts';
import type { Call } from './call.ts';
import { FactorCredentials } from './factor-credentials.ts';
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
  'factor challenge': '0000-0000-0000-0000-0000-0000-0000-0000-0000-0000',
  'factor undo secret': 'none',
  'app code': '000000',
  'recovery code': 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa',
  'new passkey': 'none',
  passkey: 'none',
  'passkey for a sign-in': 'none',
  'passkey for a step-up': 'none',
  'passkey id': '00000000-0000-7000-8000-000000000000',
  'device cookie': 'none',
  'trusted device': '00000000-0000-7000-8000-000000000000',
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
  readonly #factors = new FactorCredentials();
  readonly #held: { kind: CredentialKind; of: string; value: string }[] = [];

  readMail({ to, subject, text }: Mail): void {
    const secret = undoSecretIn(text);
    const kind = text.includes('/factors/undo#') ? 'factor undo secret' : 'undo secret';
    if (secret) this.#held.unshift({ kind, of: to.address, value: secret });
    const value = codeIn(text);
    if (!value) return;
    const purpose = subjects.find(([pattern]) => pattern.test(subject))?.[1] ?? 'sign-in';
    this.#held.unshift({ kind: `${purpose} code`, of: to.address, value });
  }

  readAnswer(call: Call, answer: RestAnswer): void {
    const { operation, input } = call;
    const { headers, body } = answer;
    this.#factors.readAnswer(call, answer, this.#ownerOf(call.bearer));
    const address = input?.email ?? input?.newEmail;
    const of = typeof address === 'string' ? address.trim().toLowerCase() : '';
    const { challenge_id, access, refresh, key, id, code } = body as Record<
      string,
      string | undefined
    >;
    const keep = (kind: CredentialKind, value: string | undefined) => {
      // The problems of a field named like it are a list.
      if (typeof value === 'string') this.#held.unshift({ kind, of, value });
    };
    const purpose = code === 'MFA_REQUIRED' ? 'factor' : (purposes[operation] ?? 'sign-in');
    keep(`${purpose} challenge`, challenge_id);
    keep('access token', access);
    keep('refresh token', (refresh ?? headers.cookie) || undefined);
    keep('device cookie', headers['device cookie']);
    if (operation === 'trustedDevices' && Array.isArray(body)) {
      for (const device of body.toReversed()) keep('trusted device', device.id);
    }
    keep('API key', key);
    if (operation === 'createApiKey') keep('API key id', id);
    if (operation === 'createWebhook') keep('webhook', id);
    if (operation === 'webhookDeliveries') {
      const { results = [] } = body as { results?: { id: string }[] };
      keep('delivery', results.at(-1)?.id);
    }
    // A refresh does not say whose it is, and opens none.
    if (!/^verify(Otp|Factor)$/.test(operation) || !access) return;
    keep('session', claimsOf(access).sid);
    keep('user', claimsOf(access).sub);
  }

  /** The address of the user of an access token; empty if it is none. */
  #ownerOf(bearer: string | undefined): string {
    if (!bearer?.startsWith('ey')) return '';
    const { sub } = claimsOf(bearer);
    return this.#held.find(({ kind, value }) => kind === 'user' && value === sub)?.of ?? '';
  }

  /** The value behind what a script says, of anything. */
  find(given: unknown): unknown {
    if (!(given instanceof CredentialRef)) return given;
    const { kind, of, age, changed } = given;
    const made = this.#factors.find(given);
    if (made !== undefined) return made;
    const all = this.#held.filter((each) => each.kind === kind && (of ?? each.of) === each.of);
    const value = all[Math.min(age, all.length - 1)]?.value ?? nothing[kind];
    if (changed === 'wrong') return wrongCode(value);
    return changed === 'padded' ? `  ${value}\n` : value;
  }
}

const claimsOf = (accessToken: string): { readonly sid: string; readonly sub: string } =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
