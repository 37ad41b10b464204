import type { Routes } from '../http/hono-routes.ts';
import { JWKS_MAX_AGE } from '../ports/tokens.ts';
import type { Runtime } from '../services.ts';

/** Adds the public keys that verify access tokens (RFC 7517). */
export function addKeySet(routes: Routes, { keys, clock }: Runtime): void {
  routes.get('/.well-known/jwks.json', async (c) => {
    c.header('cache-control', `public, max-age=${JWKS_MAX_AGE}`);
    return c.json(await keys.jwks(clock.now()));
  });
}
