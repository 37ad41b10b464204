import { auditLogFilter, auditLogsArguments } from '../../audit/audit-inputs.ts';
import { type AuditRow, countAuditEvents } from '../../audit/list-events.ts';
import { builder } from '../builder.ts';
import { inputFields } from '../input-type.ts';
import { type AuditConnection, connect } from './audit-connection.ts';
import { AuditEventNameType } from './types.ts';

const AuditEventType = builder.objectRef<AuditRow>('AuditEvent').implement({
  description: 'One thing that happened to an address. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'UUIDv7: sorts by time.' }),
    event: t.exposeString('event', { description: 'One of `AuditEventName`.' }),
    email: t.exposeString('email', { description: 'The address that it is about.' }),
    ipAddress: t.exposeString('ipAddress', { description: 'Where it came from.' }),
    userAgent: t.exposeString('userAgent', {
      description: 'The `User-Agent` header, at most 512 characters.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description:
        'What else is known, by event: `challenge`, `sessionId`, `fields`, `limit`, `outcome` …',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
  }),
});

const PageInfo = builder.objectRef<AuditConnection['pageInfo']>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether older ones follow.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether newer ones stand before.',
    }),
    startCursor: t.exposeString('startCursor', { nullable: true, description: 'For `before`.' }),
    endCursor: t.exposeString('endCursor', { nullable: true, description: 'For `after`.' }),
  }),
});

const AuditEdge = builder.objectRef<AuditConnection['edges'][number]>('AuditEventEdge').implement({
  description: 'An event in its place in the list.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'For `after` and `before`.' }),
    node: t.expose('node', { type: AuditEventType, description: 'The event.' }),
  }),
});

const AuditConnectionType = builder.objectRef<AuditConnection>('AuditEventConnection').implement({
  description: 'A page of the audit log, newest first.',
  fields: (t) => ({
    edges: t.expose('edges', { type: [AuditEdge], description: 'The events of the page.' }),
    pageInfo: t.expose('pageInfo', { type: PageInfo, description: 'Where the page stands.' }),
    totalCount: t.int({
      description: 'How many events the filter matches. Counted only when it is asked for.',
      resolve: ({ reader, filter }, _args, ctx) => countAuditEvents(ctx, reader, filter),
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
      'The audit log, newest first. An `ADMIN` sees all events; other accounts see the events of their own address since the account exists.',
    type: AuditConnectionType,
    nullable: true,
    validate: { schema: auditLogsArguments },
    args: inputFields(auditLogsArguments, t.arg, { types: { filter: AuditLogFilterType } }),
    resolve: (_root, args, ctx) => connect(ctx, args),
  }),
);
