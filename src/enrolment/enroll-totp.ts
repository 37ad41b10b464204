import { renderSVG } from 'uqr';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { base32, createTotpSecret, totpUri } from '../factors/totp-codes.ts';
import { sealTotp } from '../factors/totp-kind.ts';
import { saveNewSecret } from '../factors/totp-statements.ts';
import { transaction } from '../outbox/transaction.ts';
import { lockSteppedUp } from '../sessions/lock-stepped-up.ts';

/** Seconds within which the first code of a new app has to come. */
const LIFETIME = 600;

/** A new authenticator app. `expiresIn` in seconds. */
export interface TotpEnrolment {
  readonly secret: string;
  readonly uri: string;
  /** The URI as a QR code: an SVG. */
  readonly qrCode: string;
  readonly expiresIn: number;
}

/**
 * Creates the secret of an authenticator app. Nothing changes until `confirmTotp`, which only this
 * session can call; a newer call replaces the secret. Requires a step-up.
 */
export async function enrollTotp(ctx: Context, viewer: Viewer): Promise<TotpEnrolment> {
  const secret = createTotpSecret();
  const email = await transaction(ctx, async (tx) => {
    const account = await lockSteppedUp(tx, viewer);
    const sealed = sealTotp(tx.factorSealer, account.id, secret);
    const end = new Date(tx.clock.now().getTime() + LIFETIME * 1000);
    await tx.sql.query(saveNewSecret, [account.id, sealed, viewer.sessionId, end]);
    return account.email;
  });
  const uri = totpUri(secret, ctx.config.appName, email);
  return { secret: base32(secret), uri, qrCode: renderSVG(uri), expiresIn: LIFETIME };
}
