import { NIL_ID } from '../ports/clock.ts';
import type { Statement } from '../ports/sql.ts';
import type { DeliveryStatus } from './webhook-delivery.entity.ts';
import { RETRY_DAYS } from './webhook-types.ts';

/** A delivery as administrators see it: without its message, and nothing that the receiver sent. */
export interface ListedDelivery {
  readonly id: string;
  readonly webhookId: string;
  /** The header `webhook-id`. */
  readonly messageId: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly attemptedAt: Date | null;
  /** When the next attempt may begin; null if it has ended. */
  readonly dueAt: Date | null;
  readonly endedAt: Date | null;
  readonly lastError: string | null;
}

/**
 * SQL: the id of the message of a delivery: that of the audit event, and for derived types the type
 * too, because one event may cause several messages. It contains no dot, which separates the signed
 * parts (Standard Webhooks).
 */
export const messageIdColumn = `d.event_id || case when d.type like 'audit.%' then ''
  else ':' || replace(d.type, '.', '-') end`;

const columns = `d.id, d.webhook_id as "webhookId", ${messageIdColumn} as "messageId", d.type, d.status,
  d.attempts, d.created_at as "createdAt", d.attempted_at as "attemptedAt",
  case when d.status = 'PENDING' then d.due_at end as "dueAt", d.ended_at as "endedAt",
  d.last_error as "lastError"`;

/**
 * Lists deliveries of a webhook, those of the newest events first, after the event and type `$3` and
 * `$4`. Reads one range of an index for each status. The comparison of rows makes PostgreSQL use that
 * index: with another one, it would read all deliveries and filter by status.
 */
export const selectDeliveries: Statement<ListedDelivery & { eventId: string }> = {
  name: 'select-deliveries',
  text: `select ${columns}, d.event_id as "eventId"
    from unnest($2::text[]) as wanted (status), lateral (
      select * from webhook_deliveries
      where (webhook_id, status, event_id, type) < ($1::uuid, wanted.status, $3::uuid, $4::text)
        and (webhook_id, status, event_id, type) >= ($1, wanted.status, '${NIL_ID}', '')
      order by webhook_id desc, status desc, event_id desc, type desc limit $5
    ) d
    order by d.event_id desc, d.type desc limit $5`,
};

/** Finds a webhook that is not deleted. */
export const findWebhook: Statement<{ id: string }> = {
  name: 'find-webhook',
  text: 'select id from webhooks where id = $1 and deleted_at is null',
};

/** Makes an ended delivery due, as if it were new. */
export const redeliverRow: Statement<ListedDelivery> = {
  name: 'redeliver',
  text: `update webhook_deliveries d
    set status = 'PENDING', attempts = 0, due_at = now(), ended_at = null,
      retry_until = now() + make_interval(days => ${RETRY_DAYS})
    where d.id = $1 and d.status <> 'PENDING' returning ${columns}`,
};

/** Locks a delivery with the state of its webhook. */
export const lockDelivery: Statement<{ status: DeliveryStatus; isOff: boolean }> = {
  name: 'lock-delivery',
  text: `select d.status, w.disabled_at is not null as "isOff"
    from webhook_deliveries d join webhooks w on w.id = d.webhook_id
    where d.id = $1 and w.deleted_at is null for update of d`,
};

/**
 * Age of the oldest delivery that waits, in seconds. Webhooks that are off do not count, and none of
 * their deliveries is read: there may be a million.
 */
export const readOldestDelivery: Statement<{ age: number | null }> = {
  name: 'read-oldest-delivery',
  text: `select extract(epoch from now() - min(oldest.created_at))::float8 as age
    from webhooks w cross join lateral (
      select created_at from webhook_deliveries
      where webhook_id = w.id and status = 'PENDING' order by created_at limit 1
    ) oldest
    where w.disabled_at is null and w.deleted_at is null`,
};
