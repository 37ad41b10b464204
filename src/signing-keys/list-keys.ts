import type { KeyServices } from './add-key.ts';
import { currentKeyAt } from './current-key.ts';
import { SigningKey } from './signing-key.entity.ts';

/** A key as operators see it. */
export type ListedKey = Awaited<ReturnType<typeof listKeys>>[number];

/** Lists all keys, newest first. `secret` is the one that encrypted the private key. */
export async function listKeys({ em, sealer, clock }: KeyServices) {
  const now = clock.now();
  const keys = await em.find(SigningKey, {}, { orderBy: { createdAt: 'desc', kid: 'asc' } });
  const current = keys.some((key) => key.isGood(now)) ? await currentKeyAt(em, now) : undefined;
  return keys.map((key) => ({
    kid: key.kid,
    alg: key.publicJwk.alg,
    createdAt: key.createdAt,
    signsFrom: key.signsFrom,
    state: stateOf(key, current?.kid, now),
    verifiesUntil: key.verifiesUntil ?? null,
    secret: key.sealedPrivateJwk ? sealer.secretOf(key.sealedPrivateJwk) : ('erased' as const),
  }));
}

function stateOf(key: SigningKey, current: string | undefined, now: Date) {
  if (key.droppedAt) return 'dropped';
  if (!key.isGood(now)) return 'retired';
  if (key.kid === current) return 'signing';
  return key.signsFrom > now ? 'waiting' : 'verifying';
}
