import { type AccountRow, lockAccountById } from '../accounts/account-statements.ts';
import { recordFailure } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, PASSKEY_REFUSED, UNKNOWN_PASSKEY } from '../errors/auth-error.ts';
import { enqueueMail, type Transaction, transaction } from '../outbox/transaction.ts';
import type {
  CredentialState,
  PasskeyChallenge,
  PasskeyPurpose,
  WebAuthnJson,
} from '../ports/web-authn.ts';
import { wrongPasskeys } from '../rate-limits/address-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import { challengeCheck } from './challenge-check.ts';
import { type FoundPasskey, findPasskey } from './passkey-statements.ts';
import { isNewCopy, type PasskeyRefusal, spendAssertion, userHandleOf } from './spend-assertion.ts';

/** A use of a passkey: for what, and by which session; none before a sign-in. */
interface Use {
  readonly purpose: PasskeyPurpose;
  readonly owner: string;
}

/**
 * Verifies the response of an authenticator (WebAuthn Level 3 §7.2) and runs the operation that it
 * authorizes, in one transaction. Failures of a client count for the account, and lock out only that
 * client.
 *
 * @throws AuthError NOT_FOUND if nobody has the passkey, INVALID_CREDENTIALS for any other refusal
 */
export async function verifyPasskey<T>(
  ctx: Context,
  response: WebAuthnJson,
  use: Use,
  act: (tx: Transaction, account: AccountRow, passkeyId: string) => Promise<T>,
): Promise<T> {
  const passkey = await find(ctx, response);
  const { id, email, known, publicKey } = passkey;
  const limits = wrongPasskeys(ctx, known);
  const exceeded = await ctx.rateLimits.consume(email, limits, ctx.client.prefix);
  if (exceeded) return reject(ctx, 'LOGIN_LOCKED', email, exceeded);
  const { check, redeemed } = challengeCheck(ctx, use);
  const work = async () => {
    const state = await ctx.webAuthn.verifyAssertion(response, check, publicKey);
    return transaction(ctx, async (tx) => {
      const accepted = await accept(tx, passkey, response, state, redeemed());
      if ('refused' in accepted) await recordRefusal(tx, passkey, use, accepted.refused);
      return 'refused' in accepted ? undefined : { done: await act(tx, accepted.account, id) };
    });
  };
  const outcome = await work().catch(async (error) => {
    // A signature cannot be guessed, so an attempt that failed for another reason is not counted.
    await ctx.rateLimits.refund(email, limits);
    throw error;
  });
  ctx.metrics.add('passkeys', [outcome ? 'ACCEPTED' : 'REFUSED']);
  if (!outcome) throw new AuthError('INVALID_CREDENTIALS', PASSKEY_REFUSED);
  // Nothing waits for it: a lost refund stays counted.
  void ctx.rateLimits.refund(email, limits);
  return outcome.done;
}

async function find(ctx: Context, { id }: WebAuthnJson): Promise<FoundPasskey> {
  const [passkey] = await ctx.sql.query(findPasskey, [id, ctx.client.prefix, ctx.clock.now()]);
  if (passkey) return passkey;
  ctx.metrics.add('passkeys', ['UNKNOWN']);
  throw new AuthError('NOT_FOUND', UNKNOWN_PASSKEY);
}

function recordRefusal(
  tx: Transaction,
  { id: passkey, accountId, email }: FoundPasskey,
  { purpose }: Use,
  reason: PasskeyRefusal,
): Promise<void> {
  const metadata = { reason, passkey, purpose };
  return recordFailure(tx, 'PASSKEY_FAILED', { id: accountId, email }, metadata);
}

/** Locks the account, and spends the response. */
async function accept(
  tx: Transaction,
  { id, accountId, userHandle }: FoundPasskey,
  response: WebAuthnJson,
  state: CredentialState | { readonly refused: PasskeyRefusal },
  challenge: PasskeyChallenge | undefined,
): Promise<{ readonly account: AccountRow } | { readonly refused: PasskeyRefusal }> {
  if ('refused' in state) return state;
  const [account] = await tx.sql.query(lockAccountById, [accountId]);
  if (!account || userHandleOf(response) !== userHandle) return { refused: 'ACCOUNT' };
  const refused = await spendAssertion(tx, { id, accountId }, state, challenge);
  if (!refused) return { account };
  if (refused === 'COUNTER' && (await isNewCopy(tx, id))) {
    await enqueueMail(tx, account, { about: 'PASSKEY_COPIED' });
  }
  return { refused };
}
