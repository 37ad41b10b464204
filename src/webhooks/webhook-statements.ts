import type { Statement } from '../ports/sql.ts';

/** A webhook as administrators see it. */
export interface ListedWebhook {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly createdAt: Date;
  /** First failure since the last success. */
  readonly failingSince: Date | null;
  /** When it was switched off. */
  readonly disabledAt: Date | null;
}

const columns = `w.id, w.url, w.description, to_json(w.events) as events,
  w.created_at as "createdAt", w.failing_since as "failingSince", w.disabled_at as "disabledAt"`;

/** Makes the number of webhooks exact: others insert none until the commit. */
export const lockWebhooks: Statement = {
  name: 'lock-webhooks',
  text: 'lock table webhooks in share row exclusive mode',
};

/** Creates a webhook, unless there are `$7` already. */
export const insertWebhook: Statement<ListedWebhook> = {
  name: 'insert-webhook',
  text: `insert into webhooks as w (id, url, description, events, sealed_secret, created_at)
    select $1::uuid, $2, $3, $4::text[], $5, $6::timestamptz
    where (select count(*) from webhooks where deleted_at is null) < $7::int
    returning ${columns}`,
};

export const selectWebhooks: Statement<ListedWebhook> = {
  name: 'select-webhooks',
  text: `select ${columns} from webhooks w where w.deleted_at is null
    order by w.created_at desc, w.id desc`,
};

/**
 * Changes a webhook; null leaves a column as it is. Enabling one makes its waiting deliveries due,
 * and forgets its failures.
 */
export const updateWebhookRow: Statement<ListedWebhook> = {
  name: 'update-webhook',
  text: `update webhooks w set url = coalesce($2, w.url), events = coalesce($3::text[], w.events),
      description = coalesce($4, w.description),
      disabled_at = case when $5::boolean then null
        when not $5::boolean then coalesce(w.disabled_at, $6::timestamptz) else w.disabled_at end,
      failing_since = case when $5::boolean then null else w.failing_since end
    where w.id = $1 and w.deleted_at is null
    returning ${columns}`,
};

/** Deletes a webhook for its administrators. A worker deletes its deliveries and then the row. */
export const markWebhookDeleted: Statement<{ id: string; url: string }> = {
  name: 'mark-webhook-deleted',
  text: `with old as (
      select id, url from webhooks where id = $1 and deleted_at is null for update
    )
    update webhooks w set deleted_at = $2, url = '', sealed_secret = null,
      sealed_previous_secret = null, previous_until = null
    from old where w.id = old.id returning old.id, old.url`,
};

/** Hours for which a replaced secret signs too. */
export const OVERLAP_HOURS = 24;

/** Replaces the secret of a webhook. The current one signs for another day. */
export const replaceSecret: Statement<ListedWebhook> = {
  name: 'replace-webhook-secret',
  text: `update webhooks w set sealed_previous_secret = w.sealed_secret, sealed_secret = $2,
      previous_until = now() + make_interval(hours => ${OVERLAP_HOURS})
    where w.id = $1 and w.deleted_at is null
    returning ${columns}`,
};

/** Switches off the webhooks that have failed for `$1` days. */
export const switchOffFailing: Statement<{ id: string; url: string }> = {
  name: 'switch-off-failing-webhooks',
  text: `update webhooks set disabled_at = now()
    where disabled_at is null and deleted_at is null
      and failing_since <= now() - make_interval(days => $1)
    returning id, url`,
};

/** Sets or ends the time since which a webhook fails. */
export const noteFailure: Statement = {
  name: 'note-webhook-failure',
  text: 'update webhooks set failing_since = now() where id = $1 and failing_since is null',
};
export const noteSuccess: Statement = {
  name: 'note-webhook-success',
  text: 'update webhooks set failing_since = null where id = $1 and failing_since is not null',
};

/** Counts webhooks that get messages. */
export const countOn: Statement<{ count: number }> = {
  name: 'count-webhooks-on',
  text: `select count(*)::int as count from webhooks
    where disabled_at is null and deleted_at is null`,
};

/** Counts webhooks that were switched off because they failed. */
export const countOff: Statement<{ count: number }> = {
  name: 'count-webhooks-off',
  text: `select count(*)::int as count from webhooks
    where disabled_at is not null and failing_since is not null and deleted_at is null`,
};
