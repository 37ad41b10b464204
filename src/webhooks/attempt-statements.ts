import type { Statement } from '../ports/sql.ts';
import { messageIdColumn } from './delivery-statements.ts';
import type { DeliveryStatus } from './webhook-delivery.entity.ts';

/** A claimed delivery with what it needs. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly messageId: string;
  readonly eventId: string;
  readonly type: string;
  /** Number of claims, including this one. Identifies the claim. */
  readonly attempts: number;
  readonly url: string;
  readonly sealedSecret: string;
  /** Null if there is none, or it signs no longer. */
  readonly sealedPreviousSecret: string | null;
}

/**
 * Claims due deliveries, for `$1` seconds: of each webhook at most `$2` minus the running ones, whose
 * number `$4` lists for the webhooks `$3`. A slow webhook takes no place of another one.
 */
export const claimDeliveries: Statement<ClaimedDelivery> = {
  name: 'claim-deliveries',
  text: `with chosen as (
      select due.id, w.url, w.sealed_secret,
        case when w.previous_until > now() then w.sealed_previous_secret end as previous
      from webhooks w
        left join unnest($3::uuid[], $4::int[]) as running (id, count) on running.id = w.id,
        lateral (
          select id from webhook_deliveries
          where webhook_id = w.id and status = 'PENDING' and due_at <= now()
          order by due_at limit greatest(0, $2 - coalesce(running.count, 0))
          for update skip locked
        ) due
      where w.disabled_at is null and w.deleted_at is null
    )
    update webhook_deliveries d
    set due_at = now() + make_interval(secs => $1), attempts = d.attempts + 1,
      attempted_at = now()
    from chosen where d.id = chosen.id
    returning d.id, d.webhook_id as "webhookId", ${messageIdColumn} as "messageId",
      d.event_id as "eventId", d.type, d.attempts, chosen.url,
      chosen.sealed_secret as "sealedSecret", chosen.previous as "sealedPreviousSecret"`,
};

/** Completes a claim. Ignores one that was lost. */
export const completeDelivery: Statement<{ id: string }> = {
  name: 'complete-delivery',
  text: `update webhook_deliveries set status = 'DELIVERED', ended_at = now(), last_error = null
    where id = $1 and attempts = $2 and status = 'PENDING' returning id`,
};

/** Makes a claim due again after `$3` seconds, or sets it aside: with `$5` now. */
export const failDelivery: Statement<{ status: DeliveryStatus }> = {
  name: 'fail-delivery',
  text: `update webhook_deliveries set last_error = $4,
      due_at = least(now() + make_interval(secs => $3), greatest(now(), retry_until)),
      status = case when $5 or retry_until <= now() then 'FAILED' else 'PENDING' end,
      ended_at = case when $5 or retry_until <= now() then now() end
    where id = $1 and attempts = $2 and status = 'PENDING' returning status`,
};

/** Sets aside up to `$1` deliveries whose webhook is off and whose time for retries is over. */
export const setAsideOff: Statement<{ id: string }> = {
  name: 'set-aside-off',
  text: `update webhook_deliveries set status = 'FAILED', ended_at = now(),
      last_error = coalesce(last_error, 'WEBHOOK_OFF')
    where id in (
      select d.id from webhooks w cross join lateral (
        select id from webhook_deliveries
        where webhook_id = w.id and status = 'PENDING' and retry_until <= now()
        limit $1 for update skip locked
      ) d
      where w.disabled_at is not null or w.deleted_at is not null limit $1
    ) returning id`,
};

/** Deletes up to `$1` deliveries of deleted webhooks. */
export const deleteOrphans: Statement<{ id: string }> = {
  name: 'delete-orphaned-deliveries',
  text: `delete from webhook_deliveries where id in (
      select d.id from webhooks w cross join lateral (
        select id from webhook_deliveries where webhook_id = w.id limit $1 for update skip locked
      ) d
      where w.deleted_at is not null limit $1
    ) returning id`,
};

/** Deletes rows of webhooks that were deleted some time ago and have no deliveries left. */
export const deleteWebhookRows: Statement = {
  name: 'delete-webhook-rows',
  text: `delete from webhooks w where w.deleted_at < now() - interval '1 hour'
    and not exists (select from webhook_deliveries d where d.webhook_id = w.id)`,
};
