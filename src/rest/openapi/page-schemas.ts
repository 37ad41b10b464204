import { z } from 'zod';
import { role, status, userFilter, usersArguments } from '../../administration/user-inputs.ts';
import { auditLogFilter } from '../../audit/audit-inputs.ts';
import type { SelectedField } from '../../ports/operation.ts';
import {
  deliveriesArguments,
  deliveryFilter,
  deliveryStatuses,
} from '../../webhooks/delivery-inputs.ts';
import { answerSchema } from './answer-schemas.ts';
import { EXAMPLE_URL } from './example.ts';

/** A cursor in the list of users: later than every user, before `ada@example.com`. */
const AFTER = Buffer.from(
  '2100-01-01T00:00:00.000000Z 019aab2c-5d0e-7f13-8a64-3c1b9d27e850 ada@example.co',
).toString('base64url');

const link = (description: string, example: string | null) =>
  z
    .string()
    .meta({ format: 'uri' })
    .nullable()
    .meta({ description, examples: [example] });

/** Id of a webhook. */
const WEBHOOK = '019aab2c-8c20-7b56-9e32-1d0f5a7b8c49';

/** Makes the schema of one page of a list that has cursors only. */
export function cursorPageSchema({ fields: [edges] }: SelectedField, path: string): z.ZodObject {
  const node = edges?.fields[0];
  if (!node) throw new Error('A list with cursors must select edges { node } first');
  return z
    .object({
      next: link(
        'URL of the next page, with all other parameters; `null` on the last page.',
        `${EXAMPLE_URL}/api/v1${path.replace('{id}', WEBHOOK)}?after=${AFTER}`,
      ),
      results: z.array(answerSchema(node)).meta({ description: 'In the order of the list.' }),
    })
    .meta({ id: `${node.type.name}Page`, description: 'One page of the list.' });
}

/** Makes the schema of one page of a list, whose selection has a count, and edges with nodes. */
export function pageSchema({ fields: [count, edges] }: SelectedField): z.ZodObject {
  const node = edges?.fields[0];
  if (!count || !node)
    throw new Error('A paged operation must select totalCount and edges { node }');
  return z
    .object({
      count: answerSchema(count),
      next: link(
        'URL of the next page, with all other parameters; `null` on the last page.',
        `${EXAMPLE_URL}/api/v1/audit/logs?page=2`,
      ),
      previous: link('URL of the previous page; `null` on the first page.', null),
      results: z.array(answerSchema(node)).meta({ description: 'Newest first.' }),
    })
    .meta({ id: `${node.type.name}Page`, description: 'One page of the audit log.' });
}

const { email, event } = auditLogFilter.shape;

const parameter = (description: string | undefined, ...examples: string[]) =>
  z.string().optional().meta({ description, examples });

/** Query parameters of the audit log. */
export const auditQuery = z.object({
  email: parameter(email.description, 'ada@example.com'),
  event: parameter(event.description, 'LOGIN_SUCCEEDED'),
  from_date: parameter(
    'Events at or after this date or time (ISO 8601). Times without an offset are UTC.',
    '2026-01-01',
    '2026-01-01T08:30:00+01:00',
  ),
  to_date: parameter(
    'Events at or before this date or time. A date means 00:00 UTC at the start of that day.',
    '2100-01-01T00:00:00Z',
  ),
  after: parameter(
    'Only events older than this cursor, which a link contains. Replaces `page`.',
    'MDNiYjJjYzMtZDgwMC03YzA1LTlmM2UtNTJkODBiNmU0MWZh',
  ),
  before: parameter(
    'Only events newer than this cursor, which a link contains. Replaces `page`.',
    'MDE5YWFiMmMtNmEyMS03YzA1LTlmM2UtNTJkODBiNmU0MWZh',
  ),
  page: z
    .union([z.int32().min(1), z.literal('last')])
    .default(1)
    .meta({
      description:
        'Page number, starting with 1, or `last`. Responds 404 after the last page. If there are more than 100,000 events, `last` returns the oldest ones, and links to the others by cursor.',
      examples: [1],
    }),
  page_size: z
    .int32()
    .min(1)
    .max(50)
    .default(10)
    .meta({
      description:
        'Events per page: at most 50, 10 by default. Larger values count as 50, invalid values as 10.',
      examples: [10],
    }),
});

const pageSize = z
  .int32()
  .min(1)
  .max(100)
  .default(20)
  .meta({ description: usersArguments.shape.first.description, examples: [10] });

/** Query parameters of the list of deliveries. */
export const deliveriesQuery = z.object({
  status: z
    .enum(deliveryStatuses)
    .optional()
    .meta({ description: deliveryFilter.shape.status.description, examples: ['FAILED'] }),
  first: pageSize.meta({
    description: deliveriesArguments.shape.first.description,
    examples: [10],
  }),
  after: parameter(
    'The cursor in `next` of an earlier page.',
    Buffer.from('ffffffff-ffff-7fff-bfff-ffffffffffff user.created').toString('base64url'),
  ),
});

/** Query parameters of the list of users. */
export const usersQuery = z.object({
  email: parameter(userFilter.shape.email.description, 'ada'),
  role: role.optional().meta({ description: userFilter.shape.role.description }),
  status: status.optional().meta({ description: userFilter.shape.status.description }),
  created_from: parameter(
    'Only users created at or after this date (midnight UTC), or time with its offset.',
    '2026-01-01',
  ),
  created_to: parameter(
    'Only users created at or before this date or time.',
    '2100-01-01T00:00:00Z',
  ),
  first: pageSize,
  after: parameter('The cursor in `next` of an earlier page.', AFTER),
});
