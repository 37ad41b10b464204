import type { Context } from '../context.ts';
import { type ListedPasskey, readUserHandle, selectPasskeys } from './passkey-statements.ts';

/** The passkeys of an account, with what the signals of the browser need. */
export interface PasskeyList {
  readonly rpId: string;
  /** User handle: base64url. Null before the first passkey. */
  readonly userId: string | null;
  readonly passkeys: readonly ListedPasskey[];
}

/** Lists the passkeys of an account, the newest first. */
export async function listPasskeys(
  ctx: Pick<Context, 'sql' | 'webAuthn'>,
  accountId: string,
): Promise<PasskeyList> {
  const { rpId } = ctx.webAuthn;
  const passkeys = await ctx.sql.query(selectPasskeys, [accountId]);
  const [row] = await ctx.sql.query(readUserHandle, [accountId]);
  return { rpId, userId: row?.userHandle ?? null, passkeys };
}
