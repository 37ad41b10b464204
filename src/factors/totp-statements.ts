import type { Statement } from '../ports/sql.ts';

/** The sealed secret of an authenticator app, and its newest spent step. */
export interface TotpRow {
  readonly sealedSecret: string;
  readonly lastStep: number;
}

/** Finds the confirmed authenticator app of an account. */
export const findTotp: Statement<TotpRow> = {
  name: 'find-totp',
  text: `select sealed_secret as "sealedSecret", last_step as "lastStep"
    from totp_factors where account_id = $1 and sealed_secret is not null`,
};

/** Spends a step and all earlier ones. No row if it was spent before. Values: account, step. */
export const spendStep: Statement<{ id: string }> = {
  name: 'spend-totp-step',
  text: `update totp_factors set last_step = $2
    where account_id = $1 and sealed_secret is not null and last_step < $2
    returning account_id as id`,
};

/** Stores a new secret until its first code. Values: account, sealed secret, session, end. */
export const saveNewSecret: Statement = {
  name: 'save-new-totp-secret',
  text: `insert into totp_factors
      (account_id, sealed_new_secret, new_secret_session, new_secret_until)
    values ($1, $2, $3, $4)
    on conflict (account_id) do update set sealed_new_secret = excluded.sealed_new_secret,
      new_secret_session = excluded.new_secret_session,
      new_secret_until = excluded.new_secret_until`,
};

/** Finds the new secret that a session asked for. Values: account, session, now. */
export const findNewSecret: Statement<{ sealedSecret: string; isReplacement: boolean }> = {
  name: 'find-new-totp-secret',
  text: `select sealed_new_secret as "sealedSecret", sealed_secret is not null as "isReplacement"
    from totp_factors
    where account_id = $1 and new_secret_session = $2 and new_secret_until > $3`,
};

/** Activates the new secret, with the step of its first code. Values: account, step, now. */
export const confirmSecret: Statement = {
  name: 'confirm-totp-secret',
  text: `update totp_factors set sealed_secret = sealed_new_secret, last_step = $2,
      confirmed_at = $3, sealed_new_secret = null, new_secret_session = null, new_secret_until = null
    where account_id = $1`,
};

/** Deletes the app of an account, unless it was confirmed before `$2`, if given. */
export const deleteTotp: Statement<{ isConfirmed: boolean }> = {
  name: 'delete-totp',
  text: `delete from totp_factors
    where account_id = $1 and ($2::timestamptz is null or confirmed_at >= $2)
    returning sealed_secret is not null as "isConfirmed"`,
};
