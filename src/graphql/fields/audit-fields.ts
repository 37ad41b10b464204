import { type AuditFilter, type AuditRow, countAuditEvents } from '../../audit/list-events.ts';
import { builder } from '../builder.ts';
import { auditLogsArguments } from '../inputs.ts';
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

const AuditLogFilter = builder.inputRef<AuditFilter>('AuditLogFilter').implement({
  description: 'Which events; each further condition narrows it.',
  fields: (t) => ({
    email: t.string({ description: 'Of this address, in any case.' }),
    event: t.string({ description: 'Of this name, in any case; an unknown one matches nothing.' }),
    events: t.field({
      type: [AuditEventNameType],
      description: 'Matches any of these events. An empty list matches nothing.',
    }),
    from: t.field({ type: 'DateTime', description: 'Not before this moment.' }),
    to: t.field({ type: 'DateTime', description: 'Not after this moment.' }),
  }),
});

builder.queryField('auditLogs', (t) =>
  t.field({
    description:
      'The audit log, newest first: of the own address since the account exists, of everybody for an `ADMIN`.',
    type: AuditConnectionType,
    nullable: true,
    validate: { schema: auditLogsArguments },
    args: {
      first: t.arg.int({ description: 'So many of the newest; 20 unless said, at most 100.' }),
      after: t.arg.string({ description: 'Only what is older than this cursor.' }),
      last: t.arg.int({ description: 'So many of the oldest, at most 100.' }),
      before: t.arg.string({ description: 'Only what is newer than this cursor.' }),
      offset: t.arg.int({ description: 'Skips so many; goes with `first` only.' }),
      filter: t.arg({ type: AuditLogFilter, description: 'Which events.' }),
    },
    resolve: (_root, args, ctx) => connect(ctx, args),
  }),
);
