import { beforeAll, expect, it } from 'vitest';
import { deliverWebhooks } from '#worker/deliver-webhooks.ts';
import { schedule } from '#worker/scheduled-jobs.ts';
import {
  WebhookDeliveriesDocument,
  type WebhookDeliveryStatus,
} from '../client/generated/graphql.ts';
import { Administrator } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { parseMetrics } from './support/metrics.ts';
import { recordStatements, type SentStatement } from './support/statements.ts';
import { insertWebhook } from './support/webhook.ts';
import { goingOn, openWorker } from './worker/open-worker.ts';

const app = useApp();
const MANY = 20_000;
/** Rows that a statement may read: some pages. */
const FEW = 300;
let webhooks: readonly string[];

/** Two webhooks with deliveries that wait: one that is off, and one whose retries are not due. */
beforeAll(async () => {
  webhooks = [await insertWebhook(app), await insertWebhook(app)];
  for (const id of webhooks) {
    await app.sql(
      `insert into webhook_deliveries
         (id, webhook_id, event_id, type, created_at, due_at, retry_until)
       select gen_random_uuid(), ?, gen_random_uuid(), 'user.created',
         now() - interval '1 hour', now() + interval '1 hour', now() + interval '2 days'
       from generate_series(1, ?) n`,
      [id, MANY],
    );
  }
  await app.sql('update webhooks set disabled_at = now() where id = ?', [webhooks[0]]);
  await app.sql('analyze webhook_deliveries');
  await app.sql('analyze webhooks');
});

interface Plan {
  readonly Plans?: readonly Plan[];
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
}

const rowsOf = (plan: Plan): number =>
  plan.Plans?.reduce((sum, part) => sum + rowsOf(part), 0) ??
  (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];

/** Runs statements about deliveries again. @returns the rows that each reads, by its beginning */
async function rowsRead(sent: readonly SentStatement[]): Promise<Record<string, number>> {
  const own = sent.filter(({ text }) => text.includes('webhook_deliveries'));
  const read: Record<string, number> = {};
  for (const [index, { text, values }] of own.entries()) {
    const explain = { name: `explain-${index}`, text: `explain (analyze, format json) ${text}` };
    const [row] = await app.runtime.sql.query<Record<string, [{ Plan: Plan }]>>(explain, values);
    const { Plan } = row?.['QUERY PLAN']?.[0] ?? {};
    if (Plan) read[`${index} ${text.slice(0, 200)}`] = rowsOf(Plan);
  }
  return read;
}

it('lists, measures and delivers without reading a backlog', async () => {
  const admin = await Administrator.create(app);
  const worker = await openWorker(app);
  const [asked, worked] = [await recordStatements(app.runtime), await recordStatements(worker)];
  for (const webhookId of webhooks) {
    for (const status of [null, 'PENDING', 'DELIVERED', 'FAILED'] as WebhookDeliveryStatus[]) {
      const list = (after: string | null) =>
        admin.run(WebhookDeliveriesDocument, { webhookId, status, first: 20, after });
      const { data } = await list(null);
      const { edges = [], pageInfo } = data?.webhookDeliveries ?? {};
      expect(edges).toHaveLength(status === null || status === 'PENDING' ? 20 : 0);
      await list(pageInfo?.endCursor ?? null);
    }
  }
  const metrics = parseMetrics((await app.fetch('/metrics')).text);
  expect(metrics.get('gatehouse_webhook_oldest_seconds')).toBeGreaterThan(3500);
  await deliverWebhooks(worker, goingOn);
  for (const { name, run } of schedule.filter((job) => job.name.includes('webhook'))) {
    // Looks at what waits for a webhook that is off, once a minute.
    if (name !== 'switch-off-webhooks') await run(worker, goingOn);
  }
  asked.stop();
  worked.stop();
  const read = await rowsRead([...asked.sent, ...worked.sent]);
  expect(Object.keys(read).length).toBeGreaterThan(20);
  expect(Object.entries(read).filter(([, rows]) => rows > FEW)).toEqual([]);
});
