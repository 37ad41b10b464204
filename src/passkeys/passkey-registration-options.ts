import { randomBytes } from 'node:crypto';
import type { AccountRow } from '../accounts/account-statements.ts';
import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';
import { transaction } from '../outbox/transaction.ts';
import type { WebAuthnJson } from '../ports/web-authn.ts';
import { lockFreshSession } from './lock-fresh-session.ts';
import { giveUserHandle, selectPasskeys } from './passkey-statements.ts';

/** Options for a ceremony in the browser. `expiresIn`: lifetime of their challenge in seconds. */
export interface PasskeyOptions {
  readonly options: WebAuthnJson;
  readonly expiresIn: number;
}

/**
 * Returns options for `navigator.credentials.create()`. Requires a fresh session or a step-up. Only
 * this session can redeem the challenge, once.
 */
export function passkeyRegistrationOptions(ctx: Context, viewer: Viewer): Promise<PasskeyOptions> {
  return transaction(ctx, async (tx) => {
    const account = await lockFreshSession(tx, viewer);
    const [row] = await tx.sql.query(giveUserHandle, [account.id, newUserHandle()]);
    if (!row) throw new Error('PostgreSQL returned no row for the locked account.');
    const existing = await tx.sql.query(selectPasskeys, [account.id]);
    const { passkeyChallenges, webAuthn, clock } = tx;
    const challenge = passkeyChallenges.issue('REGISTER', viewer.sessionId, clock.now());
    const owner = { id: row.userHandle, ...displayOf(account) };
    return {
      options: webAuthn.creationOptions(owner, challenge, existing),
      expiresIn: passkeyChallenges.lifetime,
    };
  });
}

/** 64 random bytes (WebAuthn Level 3 §14.6.1). */
const newUserHandle = () => randomBytes(64).toString('base64url');

/** Returns the names of an account as authenticators show them. */
export function displayOf(account: Pick<AccountRow, 'email' | 'firstName' | 'lastName'>) {
  const { email, firstName, lastName } = account;
  const names = [firstName, lastName].filter((each) => each);
  return { name: email, displayName: names.join(' ') || email };
}
