import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { TokenAlgorithm } from '../ports/tokens.ts';
import { currentKeyAt } from './current-key.ts';
import { SigningKey } from './signing-key.entity.ts';

export type KeyState = 'signing' | 'waiting' | 'verifying' | 'retired' | 'dropped';

/** A key as operators see it. */
export interface ListedKey extends Pick<SigningKey, 'kid' | 'createdAt' | 'signsFrom'> {
  readonly alg: TokenAlgorithm;
  readonly state: KeyState;
  readonly verifiesUntil: Date | null;
  /** The secret that encrypted its private key. */
  readonly secret: ReturnType<Sealer['secretOf']> | 'erased';
}

/** Lists all keys, newest first. */
export async function listKeys(
  em: SqlEntityManager,
  sealer: Sealer,
  clock: Clock,
): Promise<ListedKey[]> {
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
    secret: key.sealedPrivateJwk ? sealer.secretOf(key.sealedPrivateJwk) : 'erased',
  }));
}

function stateOf(key: SigningKey, current: string | undefined, now: Date): KeyState {
  if (key.droppedAt) return 'dropped';
  if (!key.isGood(now)) return 'retired';
  if (key.kid === current) return 'signing';
  return key.signsFrom > now ? 'waiting' : 'verifying';
}
