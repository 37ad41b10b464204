import { z } from 'zod';
import { type AuditEventName, auditEvents } from './event-types.ts';

const pageSize = (description: string) =>
  z
    .int()
    .min(0, { error: 'Must be from 0 to 100.' })
    .max(100, { error: 'Must be from 0 to 100.' })
    .nullish()
    .meta({ description });

const name = z
  .string()
  .refine((text) => !text.includes('\0'), { error: 'This text contains a NUL character.' })
  .nullish();

const moment = z.date().nullish();

export const auditLogFilter = z
  .object({
    email: name.meta({ description: 'Only events of this address. Case-insensitive.' }),
    event: name.meta({
      description: 'Only events with this name. Case-insensitive; an unknown name matches nothing.',
    }),
    events: z
      .array(z.enum(Object.keys(auditEvents) as AuditEventName[]))
      .nullish()
      .meta({ description: 'Any of these events. An empty list matches nothing.' }),
    from: moment.meta({ description: 'Events at or after this time.' }),
    to: moment.meta({ description: 'Events at or before this time.' }),
  })
  .meta({
    id: 'AuditLogFilter',
    description: 'Filter for the audit log. Events must match all given conditions.',
  });

export type AuditLogFilter = z.infer<typeof auditLogFilter>;

export const auditLogsArguments = z
  .object({
    first: pageSize('Returns this many events from the newest on: at most 100, 20 by default.'),
    after: z.string().nullish().meta({ description: 'Only events older than this cursor.' }),
    last: pageSize(
      'Returns this many events from the oldest on: at most 100. Cannot be combined with `first`.',
    ),
    before: z.string().nullish().meta({ description: 'Only events newer than this cursor.' }),
    offset: z
      .int()
      .min(0, { error: 'Must be 0 or more.' })
      .nullish()
      .meta({ description: 'Number of events to skip. Requires `first`.' }),
    filter: auditLogFilter.nullish().meta({ description: 'The events to list.' }),
  })
  .check(({ value, issues }) => {
    const reject = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    if (value.first != null && value.last != null)
      reject('last', 'Cannot be combined with `first`.');
    if (value.offset != null && value.first == null) reject('offset', 'Requires `first`.');
  });

export type AuditLogsArguments = z.infer<typeof auditLogsArguments>;
