import { auditLogFilter, auditLogsArguments } from '../../audit/audit-inputs.ts';
import type { AuditRow } from '../../audit/list-events.ts';
import { builder } from '../builder.ts';
import { inputFields } from '../input-type.ts';
import { type AuditConnection, connect } from './audit-connection.ts';
import { AuditEventNameType, PageInfoType } from './types.ts';

const AuditEventType = builder.objectRef<AuditRow>('AuditEvent').implement({
  description: 'A security event of an e-mail address. Events never change.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7, which sorts by time.' }),
    event: t.exposeString('event', {
      description: 'Name of the event: a value of `AuditEventName`. Future releases may add names.',
    }),
    email: t.exposeString('email', {
      description:
        'E-mail address that the event concerns. Empty for an API key of the command line.',
    }),
    ipAddress: t.exposeString('ipAddress', {
      description: 'IP address of the client. An IP prefix if the event counts failures.',
    }),
    userAgent: t.exposeString('userAgent', {
      description: 'The `User-Agent` header, at most 512 characters.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description:
        'Details that depend on the event, such as `challenge`, `sessionId`, `fields`, `limit` or `outcome`.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of the event.' }),
  }),
});

const AuditEdge = builder.objectRef<AuditConnection['edges'][number]>('AuditEventEdge').implement({
  description: 'An event and its cursor.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Cursor for `after` and `before`.' }),
    node: t.expose('node', { type: AuditEventType, description: 'The event.' }),
  }),
});

const AuditConnectionType = builder.objectRef<AuditConnection>('AuditEventConnection').implement({
  description: 'A page of the audit log, newest first.',
  fields: (t) => ({
    edges: t.expose('edges', { type: [AuditEdge], description: 'The events of the page.' }),
    pageInfo: t.expose('pageInfo', { type: PageInfoType, description: 'Pagination information.' }),
    totalCount: t.int({
      description: 'Number of events that match the filter. Counting stops at 100,000.',
      resolve: async ({ count }) => (await count()).total,
    }),
    totalCountCapped: t.boolean({
      description: 'Whether more than `totalCount` events match the filter.',
      resolve: async ({ count }) => (await count()).isCapped,
    }),
  }),
});

const AuditLogFilterType = builder.inputType('AuditLogFilter', {
  description: auditLogFilter.description ?? '',
  fields: (t) =>
    inputFields(auditLogFilter, (each) => t.field(each), {
      types: { events: [AuditEventNameType] },
    }),
});

builder.queryField('auditLogs', (t) =>
  t.field({
    description:
      'The audit log, newest first. An `ADMIN` or an API key sees all events. Other accounts see their own events, and those of their address since it was verified.',
    type: AuditConnectionType,
    skipTypeScopes: true,
    authScopes: { signedIn: true, apiKey: 'READ' },
    nullable: true,
    validate: { schema: auditLogsArguments },
    args: inputFields(auditLogsArguments, t.arg, { types: { filter: AuditLogFilterType } }),
    resolve: (_root, args, ctx) => connect(ctx, args),
  }),
);
