import type { TestApp } from './app.ts';

/** Inserts a webhook that nobody receives, switched off for the worker but not for administrators. */
export async function insertWebhook(app: Pick<TestApp, 'sql' | 'runtime'>): Promise<string> {
  const [found] = await app.sql<{ id: string }>('select gen_random_uuid() as id');
  const { id = '' } = found ?? {};
  const sealed = app.runtime.webhookSealer.seal(`webhook ${id}`, `whsec_${'A'.repeat(43)}=`);
  await app.sql(
    `insert into webhooks (id, url, description, events, sealed_secret, created_at)
     values (?, 'https://example.com/webhooks', 'crm', '{user.created}', ?, now())`,
    [id, sealed],
  );
  return id;
}

/** Inserts a delivery that has failed for good. Returns its id. */
export async function insertDelivery(
  app: Pick<TestApp, 'sql' | 'runtime'>,
  webhook?: string,
): Promise<string> {
  const [delivery] = await app.sql<{ id: string }>(
    `insert into webhook_deliveries
       (id, webhook_id, event_id, type, status, attempts, retry_until, ended_at, last_error)
     values (gen_random_uuid(), ?, gen_random_uuid(), 'user.created', 'FAILED', 30, now(), now(),
       'HTTP 500') returning id`,
    [webhook ?? (await insertWebhook(app))],
  );
  return delivery?.id ?? '';
}

/** Returns the audit events about a webhook, oldest first. */
export async function webhookEvents(app: Pick<TestApp, 'sql' | 'auditWritten'>, id: string) {
  await app.auditWritten();
  return app.sql<{ event: string; email: string; metadata: Record<string, unknown> }>(
    "select event, email, metadata from audit_events where metadata->>'webhook' = ? order by id",
    [id],
  );
}
