import type { Statement } from '../ports/sql.ts';

/** Marks a challenge as redeemed at time `$2`. No row if it was redeemed before. */
export const markRedeemed: Statement<{ id: string }> = {
  name: 'mark-redeemed',
  text: `insert into redeemed_challenges (id, redeemed_at) values ($1, $2)
    on conflict (id) do nothing returning id`,
};

/** SQL: marks a challenge as redeemed at time `$2`. Fails if it was redeemed before: nobody awaits a result. */
export const markFirstSql = 'insert into redeemed_challenges (id, redeemed_at) values ($1, $2)';

export const markFirst: Statement = { name: 'mark-first', text: markFirstSql };
