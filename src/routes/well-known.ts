import type { Routes } from '../http/hono-routes.ts';
import { JWKS_MAX_AGE } from '../ports/tokens.ts';
import type { Runtime } from '../services.ts';

/** Days until `security.txt` expires. */
const VALID_DAYS = 180;

/** Adds the documents that tools look for at fixed paths. */
export function addWellKnown(routes: Routes, { config, clock, keys }: Runtime): void {
  // The public keys that verify access tokens (RFC 7517).
  routes.get('/.well-known/jwks.json', async (c) => {
    const keySet = await keys.jwks(clock.now());
    return c.json(keySet, 200, { 'cache-control': `public, max-age=${JWKS_MAX_AGE}` });
  });
  const { securityContact, changePasswordUrl, publicUrl } = config;
  const { passkeySettingsUrl: page } = config;
  // W3C, A Well-Known URL for Relying Party Passkey Endpoints. Without a page: passkeys work.
  routes.get('/.well-known/passkey-endpoints', (c) =>
    c.json(page === undefined ? {} : { enroll: page, manage: page }),
  );
  if (securityContact !== undefined) {
    routes.get('/.well-known/security.txt', (c) =>
      c.body(securityText(securityContact, publicUrl, clock.now()), 200, {
        'content-type': 'text/plain; charset=utf-8',
      }),
    );
  }
  if (changePasswordUrl !== undefined) {
    // W3C, A Well-Known URL for Changing Passwords: password managers send users there.
    routes.get('/.well-known/change-password', (c) => c.redirect(changePasswordUrl, 302));
  }
}

/** Writes `security.txt` (RFC 9116). It expires at midnight, so it stays the same all day. */
function securityText(contact: string, publicUrl: string, now: Date): string {
  const end = new Date(now);
  end.setUTCDate(end.getUTCDate() + VALID_DAYS);
  end.setUTCHours(0, 0, 0, 0);
  return [
    `Contact: ${contact}`,
    `Expires: ${end.toISOString()}`,
    // §2.5.2 requires an `https` URL.
    ...(publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}/.well-known/security.txt`] : []),
    '',
  ].join('\n');
}
