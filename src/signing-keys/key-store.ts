import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import { isOutage } from '../errors/outage.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { AccessKeys, PublicJwk, PublicKey, SealedKey } from '../ports/tokens.ts';
import { openPrivateKey } from './private-key.ts';

type Row = PublicKey & { readonly jwk: PublicJwk };

/** Caches the keys of access tokens: the public keys last read, and the current signing key. */
export class KeyStore implements AccessKeys {
  readonly #fork: () => SqlEntityManager;
  readonly #sealer: Sealer;
  /** Unknown key ids, for a minute. */
  readonly #unknown = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 });
  #keys: ReadonlyMap<string, Row> = new Map();
  #reading: Promise<ReadonlyMap<string, Row>> | undefined;
  #signing: { readonly kid: string; readonly key: KeyObject } | undefined;

  /** @param fork creates an entity manager for each read */
  constructor(fork: () => SqlEntityManager, sealer: Sealer) {
    this.#fork = fork;
    this.#sealer = sealer;
  }

  open(sealed: SealedKey): KeyObject {
    const { kid } = sealed;
    if (this.#signing?.kid === kid) return this.#signing.key;
    const jwk = openPrivateKey(this.#sealer, sealed);
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    this.#signing = { kid, key };
    return key;
  }

  async find(kid: string, now: Date): Promise<PublicKey | undefined> {
    const known = this.#keys.get(kid);
    if (known || this.#unknown.has(kid)) return known;
    const found = (await this.#readNext(now)).get(kid);
    if (!found) this.#unknown.set(kid, true);
    return found;
  }

  async jwks(now: Date): Promise<{ keys: PublicJwk[] }> {
    try {
      await this.#readNext(now);
    } catch (error) {
      if (!isOutage(error) || this.#keys.size === 0) throw error;
    }
    return { keys: [...this.#keys.values()].map(({ jwk }) => jwk) };
  }

  /**
   * Shares one read among all waiting callers. Does not join a running read, which may have begun
   * before a key was added.
   */
  async #readNext(now: Date): Promise<ReadonlyMap<string, Row>> {
    await this.#reading?.catch(() => undefined);
    this.#reading ??= this.#read(now).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(now: Date): Promise<ReadonlyMap<string, Row>> {
    const rows = await this.#fork().execute<{ kid: string; jwk: PublicJwk }[]>(
      `select kid, public_jwk as jwk from signing_keys
       where dropped_at is null and (verifies_until is null or verifies_until > ?)
       order by signs_from`,
      [now],
    );
    const rowOf = (kid: string, jwk: PublicJwk): Row => {
      const key = this.#keys.get(kid)?.key ?? createPublicKey({ key: jwk, format: 'jwk' });
      return { alg: jwk.alg, key, jwk };
    };
    this.#keys = new Map(rows.map(({ kid, jwk }) => [kid, rowOf(kid, jwk)]));
    return this.#keys;
  }
}
