import type { Statement } from '../ports/sql.ts';

// Every right code runs this statement.

/** Marks a challenge as redeemed at a time. Returns a row if it was not redeemed before. */
export const markRedeemed: Statement<{ id: string }> = {
  name: 'mark-redeemed',
  text: `insert into redeemed_challenges (id, redeemed_at) values ($1, $2)
    on conflict (id) do nothing returning id`,
};
