import { z } from 'zod';
import { EXAMPLE_URL } from './example.ts';

const detail = z.string().meta({ description: 'A text for people.', examples: ['OTP sent'] });

const moment = (description: string) =>
  z.string().meta({ description, format: 'date-time', examples: ['2026-11-22T10:38:44.710Z'] });

const uuid = (description: string, example: string) =>
  z.string().meta({ description, format: 'uuid', examples: [example] });

/** Something was done, and there is nothing else to say. */
export const acknowledgement = z
  .object({ detail })
  .meta({ id: 'Acknowledgement', description: 'The request was taken.' });

export const revokedSessions = z
  .object({
    detail,
    ids: z.array(uuid('`id` of an ended session.', '019aab2c-5f41-7d86-9b02-e6714ac8d35f')),
  })
  .meta({ id: 'RevokedSessions', description: 'The sessions that were ended.' });

export const otpChallenge = z
  .object({
    detail,
    expires_in: z
      .int32()
      .min(1)
      .meta({ description: 'Life of the code, in seconds.', examples: [300] }),
    challenge_id: z.string().meta({
      description:
        'Names this request among others of the address. Send it back with the code: a newer ' +
        'request, whoever made it, then does not displace the code.',
      examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
    }),
  })
  .meta({
    id: 'OtpChallenge',
    description: 'A code has been mailed, if there is somebody to get it.',
  });

export const tokenPair = z
  .object({
    access: z.string().meta({
      description: 'JWT for `Authorization: Bearer`, RFC 9068. It lives for 15 minutes.',
      examples: ['eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.e30.c2lnbmF0dXJl'],
    }),
    refresh: z.string().meta({
      description: 'Good for one exchange against a new pair, within 14 days.',
      examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6InJ0K2p3dCJ9.e30.c2lnbmF0dXJl'],
    }),
    token_type: z.literal('Bearer').meta({
      description: 'The scheme of `Authorization`.',
      examples: ['Bearer'],
    }),
    expires_in: z
      .int32()
      .min(1)
      .meta({ description: 'Lifetime of the access token, in seconds.', examples: [900] }),
  })
  .meta({ id: 'TokenPair', description: 'What a client holds once it is signed in.' });

export const signedIn = tokenPair
  .extend({ detail })
  .meta({ id: 'SignedIn', description: 'A session was opened; these are its first tokens.' });

export const user = z
  .object({
    id: uuid('Never changes; `sub` of the access token.', '019aab2c-5d0e-7f13-8a64-3c1b9d27e850'),
    email: z.string().meta({
      description: 'The canonical address.',
      format: 'email',
      examples: ['ada@example.com'],
    }),
    email_verified: z.boolean().meta({
      description: 'Whether the owner has shown that the mailbox is theirs.',
      examples: [true],
    }),
    has_password: z.boolean().meta({
      description: 'Whether the account can sign in with a password.',
      examples: [true],
    }),
    first_name: z
      .string()
      .nullable()
      .meta({ description: 'First name.', examples: ['Ada'] }),
    last_name: z
      .string()
      .nullable()
      .meta({ description: 'Last name.', examples: ['Lovelace'] }),
    role: z.enum(['USER', 'ADMIN']).meta({
      description: 'An `ADMIN` sees the audit log of everybody.',
      examples: ['USER'],
    }),
    created_at: moment('When it was made.'),
    last_login_at: moment('When a session was last opened.').nullable(),
  })
  .meta({ id: 'User', description: 'An account, as its owner sees it.' });

const session = z
  .object({
    id: uuid('`sid` of its access tokens.', '019aab2c-5f41-7d86-9b02-e6714ac8d35f'),
    created_at: moment('When it was opened.'),
    last_used_at: moment('When its tokens were last renewed.'),
    expires_at: moment('When it ends, unless its tokens are renewed before.'),
    ip_address: z.string().meta({ description: 'Where it was opened.', examples: ['203.0.113.7'] }),
    user_agent: z.string().meta({
      description: 'The `User-Agent` header it was opened with, at most 512 characters.',
      examples: ['Mozilla/5.0'],
    }),
    current: z.boolean().meta({
      description: 'Whether it is the one that asks.',
      examples: [true],
    }),
  })
  .meta({ id: 'Session', description: 'A signed-in device.' });

export const sessions = z
  .array(session)
  .meta({ description: 'The live sessions, the one used last first.' });

const auditEvent = z
  .object({
    id: uuid('UUIDv7: sorts by time.', '019aab2c-6a21-7c05-9f3e-52d80b6e41fa'),
    event: z.string().meta({
      description: 'What happened. Expect names that are not known yet.',
      examples: ['LOGIN_SUCCEEDED'],
    }),
    email: z.string().meta({
      description: 'The address that it is about.',
      examples: ['ada@example.com'],
    }),
    ip_address: z.string().meta({ description: 'Where it came from.', examples: ['203.0.113.7'] }),
    user_agent: z.string().meta({
      description: 'The `User-Agent` header, at most 512 characters.',
      examples: ['Mozilla/5.0'],
    }),
    metadata: z.record(z.string(), z.unknown()).meta({
      description: 'What else is known, by event.',
      examples: [{}],
    }),
    created_at: moment('When it happened.'),
  })
  .meta({ id: 'AuditEvent', description: 'One thing that happened to an address.' });

const link = (description: string, example: string | null) =>
  z
    .string()
    .meta({ format: 'uri' })
    .nullable()
    .meta({ description, examples: [example] });

export const auditPage = z
  .object({
    count: z
      .int32()
      .min(0)
      .meta({ description: 'How many events match.', examples: [23] }),
    next: link(
      'Address of the next page, with all other parameters; `null` on the last one.',
      `${EXAMPLE_URL}/api/v1/audit/logs?page=2`,
    ),
    previous: link('The same for the page before.', null),
    results: z.array(auditEvent).meta({ description: 'Newest first.' }),
  })
  .meta({ id: 'AuditEventPage', description: 'One page of the audit log.' });

export const auditQuery = z.object({
  email: z
    .string()
    .optional()
    .meta({
      description: 'Of this address, in any case.',
      examples: ['ada@example.com'],
    }),
  event: z
    .string()
    .optional()
    .meta({
      description: 'Of this name, in any case; an unknown one matches nothing.',
      examples: ['LOGIN_SUCCEEDED'],
    }),
  from_date: z
    .string()
    .optional()
    .meta({
      description: 'Not before this date or moment (ISO 8601); without an offset it is UTC.',
      examples: ['2026-01-01', '2026-01-01T08:30:00+01:00'],
    }),
  to_date: z
    .string()
    .optional()
    .meta({
      description: 'Not after this date or moment; a date is its first moment.',
      examples: ['2100-01-01T00:00:00Z'],
    }),
  page: z
    .union([z.int32().min(1), z.literal('last')])
    .default(1)
    .meta({
      description: 'Counted from 1, or `last`. A page past the end is 404.',
      examples: [1],
    }),
  page_size: z
    .int32()
    .min(1)
    .max(50)
    .default(10)
    .meta({
      description: 'Rows of a page. More than 50 are taken for 50, what is no number for 10.',
      examples: [10],
    }),
});
