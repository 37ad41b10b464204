import { lockViewer } from '../accounts/lock-account.ts';
import type { Viewer } from '../accounts/user.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { AuthError, PASSKEY_NOT_FOUND } from '../errors/auth-error.ts';
import { transaction } from '../outbox/transaction.ts';
import type { RenamePasskeyInput } from './passkey-inputs.ts';
import { type ListedPasskey, updatePasskeyName } from './passkey-statements.ts';

/** Renames a passkey of the signed-in account. @throws AuthError NOT_FOUND */
export function renamePasskey(
  ctx: Context,
  viewer: Viewer,
  { id, name }: RenamePasskeyInput,
): Promise<ListedPasskey> {
  return transaction(ctx, async (tx) => {
    const account = await lockViewer(tx, viewer);
    const [renamed] = await tx.sql.query(updatePasskeyName, [id, account.id, name]);
    if (!renamed) throw new AuthError('NOT_FOUND', PASSKEY_NOT_FOUND);
    record(tx, 'PASSKEY_RENAMED', account, { passkey: id, sessionId: viewer.sessionId });
    return renamed;
  });
}
