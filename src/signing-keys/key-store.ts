import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { isOutage } from '../errors/outage.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { AccessKeys, PublicJwk, PublicKey } from '../ports/tokens.ts';
import { openPrivateKey } from './private-key.ts';

/** So many unknown names are remembered, for so many milliseconds. */
const UNKNOWN_KIDS = { max: 10_000, ttl: 60_000 };

/**
 * The keys of access tokens as a process knows them: what PostgreSQL said last, and the one private
 * key that it signs with. It asks again for the JWK Set and for a name it does not know.
 *
 * @param fork an entity manager of its own for each question
 */
export function createKeyStore(fork: () => SqlEntityManager, sealer: Sealer): AccessKeys {
  let seen: ReadonlyMap<string, PublicKey & { readonly jwk: PublicJwk }> = new Map();
  const unknown = new LRUCache<string, true>(UNKNOWN_KIDS);
  let asking: Promise<typeof seen> | undefined;
  let signing: { readonly kid: string; readonly key: KeyObject } | undefined;

  const ask = async (now: Date) => {
    const rows = await fork().execute<{ kid: string; jwk: PublicJwk }[]>(
      `select kid, public_jwk as jwk from signing_keys
       where dropped_at is null and (verifies_until is null or verifies_until > ?)
       order by signs_from`,
      [now],
    );
    seen = new Map(
      rows.map(({ kid, jwk }) => {
        const key = seen.get(kid)?.key ?? createPublicKey({ key: jwk, format: 'jwk' });
        return [kid, { alg: jwk.alg, key, jwk }];
      }),
    );
    return seen;
  };

  return {
    async open(key) {
      if (signing?.kid !== key.kid) {
        const jwk = await openPrivateKey(sealer, key);
        signing = { kid: key.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }) };
      }
      return signing.key;
    },

    async find(kid, now) {
      const known = seen.get(kid);
      if (known || unknown.has(kid)) return known;
      // One question at a time, however many ask; the one that is under way may come too early.
      await asking?.catch(() => undefined);
      asking ??= ask(now).finally(() => {
        asking = undefined;
      });
      const found = (await asking).get(kid);
      if (!found) unknown.set(kid, true);
      return found;
    },

    async jwks(now) {
      try {
        await ask(now);
      } catch (error) {
        if (!isOutage(error) || seen.size === 0) throw error;
      }
      return { keys: [...seen.values()].map(({ jwk }) => jwk) };
    },
  };
}
