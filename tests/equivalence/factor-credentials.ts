import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import {
  Authenticator,
  type CeremonyOptions,
  type CredentialJson,
} from '#tests/support/authenticator.ts';
import { bytesOf } from '#tests/support/base32.ts';
import { wrongCode } from '#tests/support/flow.ts';
import type { Call } from './call.ts';
import type { Operation } from './mapping.ts';
import type { CredentialKind, CredentialRef } from './script.ts';
import { PUBLIC_URL, type RestAnswer } from './translate.ts';

/** The operation whose options each response of an authenticator is for. */
const optionsOf: Partial<Record<CredentialKind, Operation>> = {
  'new passkey': 'passkeyRegistrationOptions',
  passkey: 'passkeySignInOptions',
  'passkey for a sign-in': 'passkeyFactorOptions',
  'passkey for a step-up': 'passkeyStepUpOptions',
};

const padded = (value: string, { changed }: CredentialRef) =>
  changed === 'padded' ? `  ${value}\n` : value;

/** Authenticator apps, recovery codes and passkeys of the users of a script. */
export class FactorCredentials {
  /** The newest first. */
  readonly #secrets: { of: string; secret: Buffer }[] = [];
  readonly #codes: { of: string; code: string }[] = [];
  readonly #passkeys: { of: string; id: string }[] = [];
  readonly #options: { operation: Operation; options: CeremonyOptions }[] = [];
  readonly #authenticators = new Map<string, Authenticator>();

  /** @param of address of the signed-in user */
  readAnswer({ operation, input }: Call, { body }: RestAnswer, of: string): void {
    const {
      secret,
      recovery_codes: codes = [],
      options,
      id,
      code,
    } = body as {
      readonly secret?: string;
      readonly recovery_codes?: readonly string[];
      readonly options?: CeremonyOptions;
      readonly id?: string;
      readonly code?: string;
    };
    if (operation === 'enrollTotp' && secret) {
      this.#secrets.unshift({ of, secret: bytesOf(secret) });
    }
    for (const each of codes) this.#codes.unshift({ of, code: each });
    if (options) this.#options.unshift({ operation, options });
    if (operation !== 'registerPasskey') return;
    if (id !== undefined) this.#passkeys.unshift({ of, id });
    if (code !== undefined) this.#forget((input?.credential as { id?: string } | null)?.id);
  }

  /** Removes a credential that was refused. */
  #forget(id: string | undefined): void {
    for (const { credentials } of this.#authenticators.values()) {
      const index = credentials.findIndex((each) => each.id === id);
      if (index >= 0) credentials.splice(index, 1);
    }
  }

  /** Returns undefined if it knows none of the kind. */
  find(ref: CredentialRef): unknown {
    const { kind, of, age } = ref;
    const nth = <T extends { readonly of: string }>(all: readonly T[]): T | undefined => {
      const own = all.filter((each) => (of ?? each.of) === each.of);
      return own[Math.min(age, own.length - 1)];
    };
    if (kind === 'app code') return this.#appCode(nth(this.#secrets)?.secret, ref);
    if (kind === 'recovery code') {
      const code = nth(this.#codes)?.code;
      return code && padded(code, ref);
    }
    if (kind === 'passkey id') return nth(this.#passkeys)?.id;
    const operation = optionsOf[kind];
    return operation && this.#response(operation, ref);
  }

  #appCode(secret: Buffer | undefined, ref: CredentialRef): string | undefined {
    if (!secret) return undefined;
    const later = ref.changed === 'next' ? 1 : 0;
    // The clock of both replicas.
    const code = totpCode(secret, stepAt(new Date(Date.now())) + later);
    return ref.changed === 'wrong' ? wrongCode(code) : padded(code, ref);
  }

  #response(operation: Operation, { of = '', age, changed }: CredentialRef) {
    const found = this.#options.filter((each) => each.operation === operation);
    const options = found[Math.min(age, found.length - 1)]?.options;
    if (!options) return undefined;
    const deviations = { isUnverified: changed === 'wrong' };
    const authenticator = this.#authenticators.get(of) ?? new Authenticator(PUBLIC_URL);
    this.#authenticators.set(of, authenticator);
    if (operation === 'passkeyRegistrationOptions')
      return authenticator.create(options, deviations);
    const credential = authenticator.credentials.at(-1) ?? unknownTo(options);
    return authenticator.get(options, deviations, credential) satisfies CredentialJson;
  }
}

/** A credential that no account has. */
function unknownTo({ rpId = '' }: CeremonyOptions) {
  const other = new Authenticator(PUBLIC_URL);
  other.create({ challenge: '', rp: { id: rpId }, user: { id: 'AAAA' } });
  return other.credentials[0];
}
