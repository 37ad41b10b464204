import { z } from 'zod';
import { isUuid } from '../administration/find-user.ts';
import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';
import type { DeliveriesArguments } from './delivery-inputs.ts';
import { findWebhook, type ListedDelivery, selectDeliveries } from './delivery-statements.ts';
import { webhookNotFound } from './update-webhook.ts';
import { deliveryStatuses } from './webhook-delivery.entity.ts';

const DEFAULT_SIZE = 20;
/** Sorts after every delivery. */
const END = ['ffffffff-ffff-ffff-ffff-ffffffffffff', '~'] as const;

/** One page. Cursors are opaque to clients. */
export interface DeliveryPage {
  readonly rows: readonly (ListedDelivery & { readonly cursor: string })[];
  readonly hasMore: boolean;
}

/** Lists the deliveries of a webhook, those of the newest events first. @throws AuthError NOT_FOUND */
export async function listDeliveries(
  { sql }: Pick<Context, 'sql'>,
  { webhookId, status, first, after }: DeliveriesArguments,
): Promise<DeliveryPage> {
  const place = after == null ? END : readCursor(after);
  const [webhook] = isUuid(webhookId) ? await sql.query(findWebhook, [webhookId]) : [];
  if (!webhook) throw webhookNotFound();
  const size = first ?? DEFAULT_SIZE;
  const statuses = status ? [status] : deliveryStatuses;
  const found = await sql.query(selectDeliveries, [webhookId, statuses, ...place, size + 1]);
  const rows = found.slice(0, size).map(({ eventId, ...row }) => ({
    ...row,
    cursor: Buffer.from(`${eventId} ${row.type}`).toString('base64url'),
  }));
  return { rows, hasMore: found.length > size };
}

const placeShape = z.tuple([z.guid(), z.string().regex(/^[\w.]{1,48}$/)]);

/** @throws AuthError BAD_USER_INPUT for any other text */
function readCursor(cursor: string): readonly [eventId: string, type: string] {
  const parts = placeShape.safeParse(Buffer.from(cursor, 'base64url').toString().split(' '));
  if (parts.success) return parts.data;
  throw badUserInput({ after: ['Not a valid cursor. Use a cursor from an earlier page.'] });
}
