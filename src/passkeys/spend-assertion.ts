import { markRedeemed } from '../challenges/challenge-statements.ts';
import { daysBefore } from '../ports/clock.ts';
import type { FactorTransaction } from '../ports/factor-kind.ts';
import type { CredentialRefusal, CredentialState, PasskeyChallenge } from '../ports/web-authn.ts';
import { lockPasskey, saveCopyNotice, savePasskeyUse } from './passkey-statements.ts';

/** `COUNTER`: the signature counter went back, so another device has a copy (WebAuthn §6.1.1). */
export type PasskeyRefusal = CredentialRefusal | 'ACCOUNT' | 'COUNTER';

/** A passkey, and the account that it must belong to. */
interface OwnedPasskey {
  readonly id: string;
  readonly accountId: string;
}

/**
 * Redeems the challenge of a verified assertion, compares the stored state of the passkey of a locked
 * account, and stores the use (WebAuthn Level 3 §7.2).
 *
 * @returns why it was refused; undefined if it was accepted
 */
export async function spendAssertion(
  { sql, clock }: Pick<FactorTransaction, 'sql' | 'clock'>,
  { id, accountId }: OwnedPasskey,
  { signCount, backupEligible, backedUp }: CredentialState,
  challenge: PasskeyChallenge | undefined,
): Promise<PasskeyRefusal | undefined> {
  const now = clock.now();
  const [stored] = await sql.query(lockPasskey, [id, accountId]);
  if (!stored) return 'ACCOUNT';
  const [first] = challenge ? await sql.query(markRedeemed, [challenge.id, now]) : [];
  if (!first) return 'CHALLENGE';
  if (backupEligible !== stored.backupEligible) return 'RESPONSE';
  const last = Number(stored.signCount);
  if ((signCount > 0 || last > 0) && signCount <= last) return 'COUNTER';
  await sql.query(savePasskeyUse, [id, signCount, backedUp, now]);
  return undefined;
}

/**
 * Returns whether the owner gets a notice that a passkey was copied: one a day (ASVS 5.0 6.3.5).
 */
export async function isNewCopy(
  { sql, clock }: Pick<FactorTransaction, 'sql' | 'clock'>,
  passkeyId: string,
): Promise<boolean> {
  const now = clock.now();
  const noticed = await sql.query(saveCopyNotice, [passkeyId, now, daysBefore(now, 1)]);
  return noticed.length > 0;
}

/** Returns the user handle of an assertion; undefined if the authenticator sent none. */
export const userHandleOf = ({ response }: Readonly<Record<string, unknown>>): string | undefined =>
  (response as { readonly userHandle?: string | null }).userHandle ?? undefined;
