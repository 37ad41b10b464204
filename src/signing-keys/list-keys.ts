import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { TokenAlgorithm } from '../ports/tokens.ts';
import { currentKeyAt } from './current-key.ts';
import { SigningKey } from './signing-key.entity.ts';

export type KeyState = 'signing' | 'waiting' | 'verifying' | 'retired' | 'dropped';

/** A key as operators see it. */
export interface ListedKey {
  readonly kid: string;
  readonly alg: TokenAlgorithm;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly state: KeyState;
  readonly verifiesUntil: Date | null;
  /** Which secret sealed its private half. */
  readonly secret: ReturnType<Sealer['secretOf']> | 'erased';
}

/** All keys, the newest first. */
export async function listKeys(
  em: SqlEntityManager,
  sealer: Sealer,
  clock: Clock,
): Promise<ListedKey[]> {
  const now = clock.now();
  const keys = await em.find(SigningKey, {}, { orderBy: { createdAt: 'desc', kid: 'asc' } });
  const signingKey = keys.some((key) => key.isGood(now)) ? await currentKeyAt(em, now) : undefined;
  return keys.map((key) => ({
    kid: key.kid,
    alg: key.publicJwk.alg,
    createdAt: key.createdAt,
    signsFrom: key.signsFrom,
    state: stateOf(key, signingKey?.kid, now),
    verifiesUntil: key.verifiesUntil ?? null,
    secret: key.sealedPrivateJwk ? sealer.secretOf(key.sealedPrivateJwk) : 'erased',
  }));
}

function stateOf(key: SigningKey, signingKey: string | undefined, now: Date): KeyState {
  if (key.droppedAt) return 'dropped';
  if (!key.isGood(now)) return 'retired';
  if (key.kid === signingKey) return 'signing';
  return key.signsFrom > now ? 'waiting' : 'verifying';
}
