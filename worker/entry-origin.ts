import type { ClaimedEntry, EntryOrigin } from '#src/outbox/outbox-statements.ts';
import type { OutboxKind } from '#src/ports/job-queue.ts';
import type { SpanStart } from '#src/ports/tracing.ts';

/** Returns the fields of log lines about a mail. A mail with a code expires. */
export const fieldsOf = (entry: EntryOrigin & Pick<ClaimedEntry, 'id' | 'left'>) => ({
  entry: entry.id,
  mail: entry.left === null ? 'notice' : 'code',
  ...originFields(entry),
});

/** Returns the fields of log lines that lead to the request that enqueued an entry. */
export const originFields = ({ requestId, traceparent }: EntryOrigin) => ({
  requestId: requestId ?? undefined,
  trace_id: traceparent?.split('-')[1],
});

/** Returns the start of the span in which an entry is processed. Continues the request's trace. */
export const processSpan = (
  kind: OutboxKind,
  { id, traceparent }: Pick<ClaimedEntry, 'id' | 'traceparent'>,
): SpanStart => ({
  name: `process ${kind}`,
  kind: 'consumer',
  parent: traceparent,
  attributes: {
    'messaging.system': 'gatehouse',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': 'outbox',
    'messaging.message.id': id,
  },
});
