import { type AccountRow, accountColumns } from '../accounts/account-statements.ts';
import type { Statement } from '../ports/sql.ts';

/** A change that the secret in a mail takes back: a first enrolment, or a pending reset. */
export type FactorStep = 'ENROLLED' | 'RESET_REQUESTED';

/** Stores the time of the first factor of a locked account; null if it has none any more. */
export const saveFactorsSince: Statement = {
  name: 'save-factors-since',
  text: 'update accounts set factors_since = $2 where id = $1',
};

/** Adds methods to the claim `amr` of a session. Values: session, methods. */
export const addMethods: Statement = {
  name: 'add-methods-of-session',
  text: `update sessions set amr = array(
      select method from unnest(amr || $2::text[]) with ordinality as m(method, place)
      group by method order by min(place)
    ) where id = $1`,
};

/** Values: account, step, hash of the secret, who requested it, now, time at which it ends or is due. */
export const insertFactorChange: Statement = {
  name: 'insert-factor-change',
  text: `insert into factor_changes
      (account_id, step, secret_hash, requested_by, created_at, due_at)
    values ($1, $2, $3, $4, $5, $6)`,
};

/** An account, and the change that a secret takes back. */
export interface FactorChangeRow extends AccountRow {
  readonly changeId: string;
  readonly step: FactorStep;
  readonly changedAt: Date;
}

/** Locks the account that a secret is for, even if it is disabled. Value: hash of the secret. */
export const lockByFactorSecret: Statement<FactorChangeRow> = {
  name: 'lock-account-by-factor-secret',
  text: `select ${accountColumns}, c.id as "changeId", c.step, c.created_at as "changedAt"
    from factor_changes c join accounts a on a.id = c.account_id
    where c.secret_hash = $1 for update of a`,
};

/** Ends a change of a locked account. No row if it has ended or is too old. Values: change, now. */
export const endFactorChange: Statement<{ id: string }> = {
  name: 'end-factor-change',
  text: `update factor_changes set ended_at = $2
    where id = $1 and ended_at is null and due_at > $2 returning id`,
};

/** Ends the changes of a locked account that were made from a time on. Values: account, now, time. */
export const endFactorChangesSince: Statement<{ step: FactorStep }> = {
  name: 'end-factor-changes-since',
  text: `update factor_changes set ended_at = $2
    where account_id = $1 and ended_at is null and created_at >= $3 returning step`,
};

/** Ends all changes of a locked account, or those of one step. Values: account, now, step or null. */
export const endFactorChanges: Statement<{ id: string }> = {
  name: 'end-factor-changes',
  text: `update factor_changes set ended_at = $2
    where account_id = $1 and ended_at is null and ($3::text is null or step = $3) returning id`,
};
