import type { SqlEntityManager } from '@mikro-orm/postgresql';

/**
 * Turns audit entries of the outbox into rows of the log. One statement inserts and marks, so an
 * entry becomes a row exactly once, whoever dies and however often it is asked for.
 */
export async function writeAudit(em: SqlEntityManager, entryIds: readonly string[]): Promise<void> {
  await em.execute(
    `with entry as (
       select id, payload::jsonb as event, created_at from outbox_entries
       where id = any(?::uuid[]) and kind = 'audit' and done_at is null
       for update skip locked
     ), written as (
       insert into audit_events
         (id, event, email, ip_address, user_agent, metadata, created_at)
       select id, event->>'event', event->>'email', event->>'ipAddress', event->>'userAgent',
         event->'metadata', created_at
       from entry
       on conflict (id) do nothing
     )
     update outbox_entries
     set done_at = now(), outcome = 'DELIVERED', payload = null
     where id in (select id from entry)`,
    [`{${entryIds.join(',')}}`],
  );
}
