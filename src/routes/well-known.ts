import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Config } from '../config/load-config.ts';
import type { Clock } from '../ports/clock.ts';

/** Days for which what `security.txt` says may be relied upon. */
const GOOD_FOR = 180;

/** What tools look for at a fixed place. What is not set is not there. */
export function addWellKnown(
  routes: Hono<{ Bindings: HttpBindings }>,
  { securityContact, changePasswordUrl, publicUrl }: Config,
  clock: Clock,
): void {
  if (securityContact !== undefined) {
    routes.get('/.well-known/security.txt', (c) =>
      c.body(securityText(securityContact, publicUrl, clock.now()), 200, {
        'content-type': 'text/plain; charset=utf-8',
      }),
    );
  }
  if (changePasswordUrl !== undefined) {
    // W3C, A Well-Known URL for Changing Passwords: password managers send people there.
    routes.get('/.well-known/change-password', (c) => c.redirect(changePasswordUrl, 302));
  }
}

/** RFC 9116. The whole day of the end is named, so that the text is the same all day. */
function securityText(contact: string, publicUrl: string, now: Date): string {
  const end = new Date(now);
  end.setUTCDate(end.getUTCDate() + GOOD_FOR);
  end.setUTCHours(0, 0, 0, 0);
  return [
    `Contact: ${contact}`,
    `Expires: ${end.toISOString()}`,
    // It has to be an `https` address, §2.5.2.
    ...(publicUrl.startsWith('https:') ? [`Canonical: ${publicUrl}/.well-known/security.txt`] : []),
    '',
  ].join('\n');
}
