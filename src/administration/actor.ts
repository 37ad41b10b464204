import { lockActiveSession } from '../accounts/account-statements.ts';
import type { Viewer } from '../accounts/user.ts';
import { forbidden, unauthenticated } from '../errors/auth-error.ts';
import type { Transaction } from '../outbox/transaction.ts';
import { requireStepUp } from '../sessions/lock-stepped-up.ts';
import type { ManagedUser } from './managed-user.ts';

/** The administrator, operator or API key that runs an operation. */
export interface Actor {
  /** Name in the audit log: the id of an account, `operator`, or `api-key:` and an id. */
  readonly by: string;
  /** An account to lock before the change. */
  readonly accountId?: string | null;
  /**
   * Locks what permits the change, until the commit.
   *
   * @param account the locked account, if it still exists
   * @throws AuthError UNAUTHENTICATED, FORBIDDEN if it permits it no longer
   */
  confirm?(tx: Transaction, account: ManagedUser | undefined): Promise<void>;
  /** Requires a recent step-up of a session. API keys and the command line need none. */
  stepUp?(tx: Transaction): Promise<void>;
}

/** The command line. */
export const operator: Actor = { by: 'operator' };

/** Returns the actor of a session, which has to last until the change, like the role. */
export const actorOf = ({ user, sessionId }: Viewer): Actor => ({
  by: user.id,
  accountId: user.id,
  async confirm(tx, account) {
    if (!account || account.disabledAt) throw unauthenticated(true);
    const live = await tx.sql.query(lockActiveSession, [sessionId, account.id, tx.clock.now()]);
    if (live.length === 0) throw unauthenticated(true);
    if (account.role !== 'ADMIN') throw forbidden();
  },
  stepUp: (tx) => requireStepUp(tx, sessionId, user),
});
