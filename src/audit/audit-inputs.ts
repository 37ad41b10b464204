import { z } from 'zod';
import { type AuditEventName, auditEvents } from './event-types.ts';

const pageSize = (description: string) =>
  z
    .int()
    .min(0, { error: 'Ask for 0 to 100.' })
    .max(100, { error: 'Ask for 0 to 100.' })
    .nullish()
    .meta({ description });

const name = z
  .string()
  .refine((text) => !text.includes('\0'), { error: 'This is no name.' })
  .nullish();

const moment = z.date().nullish();

export const auditLogFilter = z
  .object({
    email: name.meta({ description: 'Events of this address. Letter case does not matter.' }),
    event: name.meta({
      description:
        'Events of this name. Letter case does not matter; an unknown name matches nothing.',
    }),
    events: z
      .array(z.enum(Object.keys(auditEvents) as AuditEventName[]))
      .nullish()
      .meta({ description: 'Any of these events. An empty list matches nothing.' }),
    from: moment.meta({ description: 'Events at or after this time.' }),
    to: moment.meta({ description: 'Events at or before this time.' }),
  })
  .meta({ id: 'AuditLogFilter', description: 'Conditions that an event must all meet.' });

export type AuditLogFilter = z.infer<typeof auditLogFilter>;

export const auditLogsArguments = z
  .object({
    first: pageSize('Number of newest events: at most 100, by default 20.'),
    after: z.string().nullish().meta({ description: 'Only events older than this cursor.' }),
    last: pageSize('Number of oldest events: at most 100.'),
    before: z.string().nullish().meta({ description: 'Only events newer than this cursor.' }),
    offset: z
      .int()
      .min(0, { error: 'Skip 0 or more.' })
      .nullish()
      .meta({ description: 'Number of events to skip. Only with `first`.' }),
    filter: auditLogFilter.nullish().meta({ description: 'The events to list.' }),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string, message: string) =>
      issues.push({ code: 'custom', input: value, path: [path], message });
    if (value.first != null && value.last != null) refuse('last', 'Not together with `first`.');
    if (value.offset != null && value.first == null) refuse('offset', 'Only with `first`.');
  });

export type AuditLogsArguments = z.infer<typeof auditLogsArguments>;
