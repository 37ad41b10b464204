import type { AccountRow } from '../accounts/account-statements.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { enqueueMail, type Transaction } from '../outbox/transaction.ts';
import type { FactorKind, FactorOutcome, FactorProof } from '../ports/factor-kind.ts';
import type { AuthMethod } from '../ports/tokens.ts';
import { wrongCodes, wrongFactors } from '../rate-limits/address-limits.ts';
import { cancelReset } from './cancel-reset.ts';
import { type FactorProofs, givenFields, proofFields } from './factor-inputs.ts';

/** A proof of one factor, and its kind. */
export interface GivenFactor {
  readonly kind: FactorKind;
  readonly value: unknown;
}

/** Returns the proof that an input contains; undefined if it contains none. */
export function factorIn(
  { factorKinds }: Pick<Context, 'factorKinds'>,
  input: FactorProofs,
): GivenFactor | undefined {
  const [field] = givenFields(input);
  if (!field) return undefined;
  const kind = factorKinds.find(({ name }) => name === proofFields[field]);
  if (!kind) throw new Error(`No kind of factors for the field ${field}`);
  return { kind, value: input[field] };
}

/** Returns the limit on wrong proofs of one client. */
export const ownLimits = (ctx: Context, known: boolean) =>
  wrongCodes(ctx, { known, challengeId: '' });

/** Returns the limits on guesses at a factor of all clients together. */
export const sharedLimits = (ctx: Context, { kind }: GivenFactor, known: boolean) =>
  kind.isGuessable ? wrongFactors(ctx, known) : [];

/**
 * Verifies and spends a proof of a locked account. The caller has counted the attempt.
 */
export const proveFactor = async (
  tx: Transaction,
  { id, factorsSince }: AccountRow,
  { kind, value }: GivenFactor,
  place: Omit<FactorProof, 'value'>,
): Promise<FactorOutcome> =>
  factorsSince === null ? { isRight: false } : kind.verify(tx, id, { ...place, value });

/**
 * Records the proof of a factor, and cancels a pending reset: the owner has not lost it. Notifies the
 * owner of a used recovery code.
 */
export async function recordProof(
  tx: Transaction,
  account: AccountRow,
  { kind }: GivenFactor,
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  record(tx, 'FACTOR_VERIFIED', account, { factor: kind.name, ...metadata });
  await cancelReset(tx, account);
  if (kind.isBackup) await enqueueMail(tx, account, { about: 'RECOVERY_CODE_USED' });
}

/** Returns the methods of a sign-in that a factor completes. */
export const methodsWith = (first: readonly AuthMethod[], { kind }: GivenFactor): AuthMethod[] => [
  ...new Set<AuthMethod>([...first, ...kind.amr, 'mfa']),
];
