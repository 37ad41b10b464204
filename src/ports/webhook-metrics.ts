import { counter, gauge } from './metric.ts';

export const webhookMetrics = {
  webhookOldest: gauge(
    'gatehouse_webhook_oldest_seconds',
    'server',
    'Age of the oldest delivery that waits for a webhook; 0 if none does. Webhooks that are switched off do not count. Read like `gatehouse_outbox_waiting`.',
    { merge: 'max' },
  ),
  webhooksOff: gauge(
    'gatehouse_webhooks_off',
    'server',
    'Webhooks that were switched off because they failed. Read like `gatehouse_outbox_waiting`.',
    { merge: 'max' },
  ),
  webhooks: counter(
    'gatehouse_webhook_attempts_total',
    'worker',
    'Attempts to deliver to a webhook: `DELIVERED`, `RETRIED` later, or `FAILED` (set aside).',
    { labels: ['outcome'] },
  ),
};
