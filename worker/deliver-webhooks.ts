import { setTimeout as pause } from 'node:timers/promises';
import { DeliveryError } from '#src/ports/webhook-sender.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  completeDelivery,
  failDelivery,
} from '#src/webhooks/attempt-statements.ts';
import { messageOf } from '#src/webhooks/webhook-message.ts';
import { secretLabel, signaturesOf } from '#src/webhooks/webhook-secret.ts';
import { noteFailure, noteSuccess } from '#src/webhooks/webhook-statements.ts';
import type { WorkerContext } from './context.ts';
import { INTERVAL, logErrors } from './loops.ts';
import { codesOf, pauseAfter } from './retry-policy.ts';

/** Deliveries to one webhook that a worker sends concurrently. */
const AT_ONCE = 4;
/** Lease of a claimed delivery, in seconds. Longer than an attempt. */
const LEASE = 30;
/** Seconds between two attempts, at most. */
const LONGEST_PAUSE = 4 * 60 * 60;

/**
 * Delivers what is due to webhooks, until nothing is being sent. Every worker does so every second.
 * Each webhook has its own places, so a slow one delays no other, no mail and no audit event.
 */
export async function deliverWebhooks(worker: WorkerContext, stopping: AbortSignal): Promise<void> {
  const running = new Map<Promise<unknown>, ClaimedDelivery>();
  for (;;) {
    const claim = () => claimFree(worker, [...running.values()]);
    const claimed = stopping.aborted ? [] : ((await logErrors(worker.log, claim)) ?? []);
    for (const delivery of claimed) {
      const attempt = logErrors(worker.log, () => deliver(worker, delivery));
      running.set(attempt, delivery);
      void attempt.then(() => running.delete(attempt));
    }
    if (running.size === 0) return;
    if (claimed.length === 0) await Promise.race([...running.keys(), pause(INTERVAL)]);
  }
}

function claimFree({ sql }: WorkerContext, running: readonly ClaimedDelivery[]) {
  const byWebhook = Map.groupBy(running, ({ webhookId }) => webhookId);
  const counts = Array.from(byWebhook.values(), ({ length }) => length);
  return sql.query(claimDeliveries, [LEASE, AT_ONCE, [...byWebhook.keys()], counts]);
}

/** Sends a message. It arrives twice only if its worker, or the store, fails before completing it. */
async function deliver(worker: WorkerContext, delivery: ClaimedDelivery): Promise<void> {
  const { sql, metrics, log } = worker;
  const { id, webhookId, attempts, type } = delivery;
  const fields = { delivery: id, webhook: webhookId, type, attempts };
  try {
    await send(worker, delivery);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { code } = error;
    const values = [id, attempts, pauseAfter(attempts, LONGEST_PAUSE), codesOf(error)];
    const [failed] = await sql.query(failDelivery, [...values, code === EVENT_DELETED]);
    if (code !== EVENT_DELETED) await sql.query(noteFailure, [webhookId]);
    const outcome = failed?.status === 'FAILED' ? 'FAILED' : 'RETRIED';
    metrics.add('webhooks', [outcome]);
    log.warn({ ...fields, error: code, outcome }, 'The webhook did not accept a message.');
    return;
  }
  await sql.query(completeDelivery, [id, attempts]);
  await sql.query(noteSuccess, [webhookId]);
  metrics.add('webhooks', ['DELIVERED']);
  log.info({ ...fields, outcome: 'DELIVERED' }, 'webhook');
}

/** The audit log does not have the event any more, so that no attempt can succeed. */
const EVENT_DELETED = 'EVENT_DELETED';

async function send(worker: WorkerContext, delivery: ClaimedDelivery): Promise<void> {
  const { messageId: id, url } = delivery;
  const body = await messageOf(worker.sql, delivery);
  if (body === undefined) throw new DeliveryError(EVENT_DELETED);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Gatehouse-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': signaturesOf(secretsOf(worker, delivery), id, timestamp, body),
  };
  await worker.sendWebhook({ url, headers, body });
}

/**
 * Decrypts the secrets that sign now. Skips the previous one if it cannot be decrypted: receivers with
 * the current one still accept the message.
 *
 * @throws DeliveryError if SECRET_KEY is not the one that encrypted the current secret
 */
function secretsOf(
  worker: WorkerContext,
  { webhookId, sealedSecret, sealedPreviousSecret }: ClaimedDelivery,
): string[] {
  const current = openSecret(worker, webhookId, sealedSecret);
  if (current === undefined) throw new DeliveryError('SECRET_UNREADABLE');
  const previous = sealedPreviousSecret && openSecret(worker, webhookId, sealedPreviousSecret);
  return previous ? [current, previous] : [current];
}

function openSecret({ webhookSealer, log }: WorkerContext, webhook: string, sealed: string) {
  try {
    return webhookSealer.open(secretLabel(webhook), sealed);
  } catch {
    log.error(
      { event: 'webhook-secret-unreadable', webhook },
      'Cannot decrypt a secret of a webhook. Set SECRET_KEY_PREVIOUS to the secret that encrypted it.',
    );
    return undefined;
  }
}
