import type {
  FactorKind,
  FactorOutcome,
  FactorProof,
  FactorTransaction,
} from '../ports/factor-kind.ts';
import type { WebAuthnJson } from '../ports/web-authn.ts';
import { challengeCheck } from './challenge-check.ts';
import { deletePasskeysSince, findOwnPasskey, hasPasskey } from './passkey-statements.ts';
import { isNewCopy, type PasskeyRefusal, spendAssertion, userHandleOf } from './spend-assertion.ts';

/** Passkeys. A proof is an assertion whose challenge is bound to the sign-in or to the session. */
export const passkeyKind: FactorKind = {
  name: 'PASSKEY',
  amr: ['pop', 'user'],
  isBackup: false,
  isGuessable: false,
  isEnrolled: async (sql, accountId) => (await sql.query(hasPasskey, [accountId])).length > 0,
  verify,
  async remove(sql, accountId, since) {
    const removed = await sql.query(deletePasskeysSince, [accountId, since]);
    return removed.map(({ id: passkey }) => ({ passkey }));
  },
};

async function verify(
  tx: FactorTransaction,
  accountId: string,
  proof: FactorProof,
): Promise<FactorOutcome> {
  const outcome = await compare(tx, accountId, proof);
  const label = outcome.isRight ? 'ACCEPTED' : 'REFUSED';
  tx.afterCommit.push(() => tx.metrics.add('passkeys', [label]));
  return outcome;
}

async function compare(
  tx: FactorTransaction,
  accountId: string,
  { value, ...place }: FactorProof,
): Promise<FactorOutcome> {
  const response = value as WebAuthnJson;
  const [passkey] = await tx.sql.query(findOwnPasskey, [response.id, accountId]);
  if (!passkey) return refused('ACCOUNT');
  const { id, publicKey } = passkey;
  const given = userHandleOf(response);
  if (given !== undefined && given !== passkey.userHandle) return refused('ACCOUNT', id);
  const { check, redeemed } = challengeCheck(tx, useAt(place));
  const state = await tx.webAuthn.verifyAssertion(response, check, publicKey);
  if ('refused' in state) return refused(state.refused, id);
  const reason = await spendAssertion(tx, { id, accountId }, state, redeemed());
  if (!reason) return { isRight: true, details: { passkey: id } };
  const isNotified = reason === 'COUNTER' && (await isNewCopy(tx, id));
  return { ...refused(reason, id), ...(isNotified && { notice: 'PASSKEY_COPIED' }) };
}

/** Returns the use that a challenge must have been issued for. */
const useAt = ({ challengeId, sessionId }: Omit<FactorProof, 'value'>) =>
  sessionId === null
    ? ({ purpose: 'SECOND_FACTOR', owner: challengeId ?? '' } as const)
    : ({ purpose: 'STEP_UP', owner: sessionId } as const);

const refused = (reason: PasskeyRefusal, passkey?: string): FactorOutcome => ({
  isRight: false,
  details: { reason, ...(passkey && { passkey }) },
});
