import { isReserved } from '../accounts/reserved-address.ts';

/** The rows of an import, checked and with the ids that they get. Ends with the connection. */
export const createStaging = `create temporary table staged_users (
  row_number int primary key, place text not null, external_id text not null,
  account_id uuid not null, event_id uuid not null, email text not null, mailbox text not null,
  password_hash text, first_name text, last_name text, role text not null,
  created_at timestamptz not null, last_login_at timestamptz, email_verified_at timestamptz not null,
  disabled_at timestamptz, metadata jsonb not null, factors jsonb, outcome text)`;

export const stagedColumns = [
  ...['row_number', 'place', 'external_id', 'account_id', 'event_id', 'email', 'mailbox'],
  ...['password_hash', 'first_name', 'last_name', 'role', 'created_at', 'last_login_at'],
  ...['email_verified_at', 'disabled_at', 'metadata', 'factors'],
];

/**
 * Decides about each row. Of several rows with one address the earliest account is imported. Value:
 * the source.
 */
export const decide = `with counted as (
    select row_number, external_id, email,
      row_number() over (partition by external_id order by row_number) as nth_of_id,
      row_number() over (partition by email order by created_at, row_number) as nth_of_email
    from staged_users
  )
  update staged_users u set outcome = case
    when m.external_id is not null and m.account_id is null then 'deleted'
    when m.external_id is not null then 'imported'
    when c.nth_of_id > 1 then 'same id'
    when c.nth_of_email > 1 then 'same address'
    when a.email_verified_at is not null or ${isReserved('c.email', 'now()')} then 'address taken'
    when a.id is not null then 'registration'
    when exists (select from accounts a where a.id = u.account_id) then 'id taken'
    else 'new' end
  from counted c
    left join imported_accounts m on m.source = $1 and m.external_id = c.external_id
    left join accounts a on a.email = c.email
  where c.row_number = u.row_number`;

/** Counts the rows by decision, with the first ones of each. */
export const countOutcomes = `select outcome, count(*)::int as count,
    (array_agg(place || ': ' || email order by row_number))[:20] as examples
  from staged_users group by outcome order by outcome`;

/** Describes new accounts that an operator should look at. */
export const countNotes = `select note, count(*)::int as count,
    (array_agg(place || ': ' || email order by row_number))[:20] as examples
  from (
    select 'admin' as note, row_number, place, email from staged_users
      where outcome = 'new' and role = 'ADMIN'
    union all
    select 'passkey', row_number, place, email from (
      select u.row_number, u.place, u.email, k.credential_id,
        row_number() over (partition by k.credential_id order by u.row_number) as nth
      from staged_users u, jsonb_to_recordset(u.factors->'passkeys') as k (credential_id text)
      where u.outcome = 'new'
    ) key
      where nth > 1 or exists (select from passkeys p where p.credential_id = key.credential_id)
      group by row_number, place, email
    union all
    select 'disabled', row_number, place, email from staged_users
      where outcome = 'new' and disabled_at is not null
    union all
    select 'factors', row_number, place, email from staged_users
      where outcome = 'new' and factors is not null
    union all
    select 'mailbox', row_number, place, email from (
      select *, count(*) over (partition by mailbox) as in_mailbox from staged_users
      where outcome = 'new'
    ) one where in_mailbox > 1
  ) notes group by note order by note`;

/**
 * Creates the accounts of some rows, each with its second factors, mapping and audit event. An address
 * that was taken meanwhile is left out. Of several users with one passkey, the first keeps it. Values:
 * first and last row, source, time, client.
 */
export const insertBatch = `with batch as (
    select * from staged_users where outcome = 'new' and row_number between $1 and $2
  ), made as (
    insert into accounts (id, email, password_hash, first_name, last_name, role, created_at,
      last_login_at, email_verified_at, disabled_at, metadata, webauthn_user_handle, factors_since)
    select account_id, email, password_hash, first_name, last_name, role, created_at, last_login_at,
      email_verified_at, disabled_at, metadata, factors->>'user_handle',
      (factors->>'since')::timestamptz
    from batch where not ${isReserved('batch.email', '$4')} on conflict do nothing returning id
  ), mapped as (
    insert into imported_accounts (source, external_id, account_id, imported_at)
    select $3, external_id, id, $4::timestamptz from batch join made on id = account_id
  ), apps as (
    insert into totp_factors (account_id, sealed_secret, confirmed_at, last_step)
    select account_id, totp->>'sealed_secret', (totp->>'confirmed_at')::timestamptz,
      (totp->>'last_step')::int
    from (select account_id, factors->'totp' as totp from batch join made on id = account_id) own
    where jsonb_typeof(totp) = 'object'
  ), codes as (
    insert into recovery_codes (account_id, hash, created_at)
    select account_id, hash, (factors->>'since')::timestamptz
    from batch join made on id = account_id,
      jsonb_array_elements_text(factors->'recovery_codes') hash
  ), keys as (
    insert into passkeys (id, account_id, credential_id, public_key, sign_count, backup_eligible,
      backed_up, transports, aaguid, name, created_at, last_used_at)
    select gen_random_uuid(), account_id, k.*
    from batch join made on id = account_id, jsonb_to_recordset(factors->'passkeys') as k
      (credential_id text, public_key text, sign_count bigint, backup_eligible boolean,
       backed_up boolean, transports text[], aaguid uuid, name text, created_at timestamptz,
       last_used_at timestamptz)
    order by row_number
    on conflict (credential_id) do nothing
  ), recorded as (
    insert into outbox_entries (id, kind, payload, created_at)
    select event_id, 'audit', jsonb_build_object('event', 'USER_CREATED', 'email', email,
      'accountId', id, 'ipAddress', $5::text, 'userAgent', $6::text,
      'metadata', jsonb_build_object('by', 'import', 'source', $3::text))::text, $4::timestamptz
    from batch join made on id = account_id
  )
  select count(*)::int as created from made`;
