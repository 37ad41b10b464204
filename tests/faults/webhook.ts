import { setTimeout as pause } from 'node:timers/promises';
import { request } from '#tests/support/request.ts';
import {
  CreateWebhookDocument,
  RedeliverDocument,
  type TypedDocumentString,
  WebhookDeliveriesDocument,
  type WebhookDeliveriesQuery,
  type WebhookDeliveryFieldsFragment,
  type WebhookDeliveryStatus,
} from '../../client/generated/graphql.ts';
import type { Administrator } from './administrator.ts';
import type { World } from './simulated-user.ts';
import type { EventRow } from './state.ts';
import type { WebhookSink } from './webhook-sink.ts';

/** Types of messages, and the audit events that cause them, whatever their metadata. */
const causes: Readonly<Record<string, string>> = {
  'audit.OTP_REQUESTED': 'OTP_REQUESTED',
  'audit.OTP_VERIFIED': 'OTP_VERIFIED',
  'audit.PASSWORD_CHANGED': 'PASSWORD_CHANGED',
  'audit.LOGGED_OUT': 'LOGGED_OUT',
  'user.disabled': 'USER_DISABLED',
  'user.deleted': 'USER_DELETED',
};

/** A webhook that gets messages during the run. */
export interface Webhook {
  readonly id: string;
  readonly sink: WebhookSink;
  /** Events that are older than it. */
  readonly before: ReadonlySet<string>;
}

/** Creates a webhook. Nothing may be in the outbox. */
export async function createWebhook(
  world: World,
  administrator: Administrator,
  sink: WebhookSink,
): Promise<Webhook> {
  const rows = await administrator.sql<{ id: string }>('select id from audit_events');
  const input = { url: sink.url, events: Object.keys(causes) };
  const { createWebhook: created } = await run(world, CreateWebhookDocument, { input });
  sink.secret = created.secret;
  return { id: created.id, sink, before: new Set(rows.map(({ id }) => id)) };
}

/** Returns the ids of the messages about an event. */
export const messagesOf = ({ id, event }: EventRow): string[] =>
  Object.entries(causes).flatMap(([type, cause]) => {
    if (cause !== event) return [];
    return [type.startsWith('audit.') ? id : `${id}:${type.replace('.', '-')}`];
  });

/** Lists all deliveries. */
export async function listDeliveries(
  world: World,
  { id: webhookId }: Webhook,
  status: WebhookDeliveryStatus | null = null,
): Promise<WebhookDeliveryFieldsFragment[]> {
  const found: WebhookDeliveryFieldsFragment[] = [];
  for (let after: string | null = null; ; ) {
    const page: WebhookDeliveriesQuery = await run(world, WebhookDeliveriesDocument, {
      webhookId,
      status,
      first: 100,
      after,
    });
    const { webhookDeliveries } = page;
    if (!webhookDeliveries) throw new Error('the deliveries cannot be listed');
    found.push(...webhookDeliveries.edges.map(({ node }) => node));
    if (!webhookDeliveries.pageInfo.hasNextPage) return found;
    after = webhookDeliveries.pageInfo.endCursor ?? null;
  }
}

/** Sends all dead letters again. Returns their ids. */
export async function redeliverAll(world: World, webhook: Webhook): Promise<string[]> {
  const failed = await listDeliveries(world, webhook, 'FAILED');
  for (const { id } of failed) await run(world, RedeliverDocument, { input: { id } });
  return failed.map(({ id }) => id);
}

/** Runs an operation with the API key. Waits while the limit of administration is used up. */
async function run<Data, Variables>(
  world: World,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${world.apiKey}` };
  const body = JSON.stringify({ query: document.toString(), variables });
  for (;;) {
    const url = `${world.servers[0]?.url}/graphql`;
    const { data, errors } = JSON.parse(
      (await request(url, { method: 'POST', headers, body })).text,
    );
    if (!errors) return data;
    const { retryAfter } = errors[0].extensions;
    if (!retryAfter) throw new Error(JSON.stringify(errors));
    await pause(retryAfter * 1000);
  }
}
