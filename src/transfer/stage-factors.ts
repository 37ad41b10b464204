import { bytesOfBase32 } from '../factors/totp-codes.ts';
import { openTotp, sealTotp } from '../factors/totp-kind.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { FactorRecord } from './factor-record.ts';

/** The account that gets factors, and its ids here and in the other system. */
interface Owner {
  readonly accountId: string;
  readonly externalId: string;
  readonly now: Date;
}

/** Factors as the import stores them. */
interface StagedFactors {
  readonly json: string;
  /** Whether the secret of the app cannot be decrypted. */
  readonly lacksApp: boolean;
  /** Whether nothing can complete a sign-in: neither an app nor a passkey nor a recovery code. */
  readonly isLockedOut: boolean;
}

/**
 * Encrypts the secret of an app for this installation. An account whose app cannot be decrypted keeps
 * its other factors, and still needs one: a lost key must not make a mailed code sufficient.
 */
export function stageFactors(
  { since, user_handle, totp, recovery_codes, passkeys }: FactorRecord,
  { accountId, externalId, now }: Owner,
  sealer: Sealer,
): StagedFactors {
  const secret = totp && secretOf(totp, externalId, sealer);
  const start = since ?? now;
  const app = totp &&
    secret && {
      sealed_secret: sealTotp(sealer, accountId, secret),
      confirmed_at: totp.confirmed_at ?? start,
      last_step: totp.last_step,
    };
  const proofs = [...(app ? [app] : []), ...passkeys, ...recovery_codes];
  const staged = { since: start, user_handle, totp: app ?? null, recovery_codes, passkeys };
  return {
    json: JSON.stringify(staged),
    lacksApp: Boolean(totp && !secret),
    isLockedOut: proofs.length === 0,
  };
}

/** Returns undefined if neither secret of this installation has encrypted it. */
function secretOf(
  { secret, sealed_secret: sealed = '' }: NonNullable<FactorRecord['totp']>,
  externalId: string,
  sealer: Sealer,
): Buffer | undefined {
  if (secret !== undefined) return bytesOfBase32(secret);
  if (sealer.secretOf(sealed) === 'other') return undefined;
  try {
    return openTotp(sealer, externalId, sealed);
  } catch {
    return undefined;
  }
}
