import type { Statement } from '../ports/sql.ts';

/** How long a reset that is due can be used, as SQL. */
const USABLE_FOR = 'make_interval(days => 7)';

/** A reset of all factors that is due. */
export interface DueReset {
  readonly id: string;
  readonly by: string;
}

/** Ends the reset of a locked account that is due. No row if there is none. Values: account, now. */
export const takeDueReset: Statement<DueReset> = {
  name: 'take-due-factor-reset',
  text: `update factor_changes set ended_at = $2
    where account_id = $1 and step = 'RESET_REQUESTED' and ended_at is null
      and due_at <= $2::timestamptz and due_at > $2::timestamptz - ${USABLE_FOR}
    returning id, requested_by as by`,
};
