import { type Tally, tallyEvents } from '../../audit/tally-events.ts';
import type { TallyPeriod } from '../../audit/tally-intervals.ts';
import { type OutboxState, readOutbox } from '../../outbox/outbox-state.ts';
import { type ListedKey, listKeys } from '../../signing-keys/list-keys.ts';
import { builder } from '../builder.ts';
import type { RequestContext } from '../graphql-context.ts';
import { laggingContext } from '../lagging-context.ts';
import { AuditEventNameType } from './types.ts';

async function sharedTally(ctx: RequestContext, period: TallyPeriod): Promise<Tally[]> {
  const reads = await laggingContext(ctx);
  const place = reads === ctx ? 'primary' : 'replica';
  return ctx.sharedWork.run(`tally ${period} ${place}`, () => tallyEvents(reads, period));
}

const TallyType = builder.objectRef<Tally>('EventCount').implement({
  description: 'How often an event was recorded in an hour or a day.',
  fields: (t) => ({
    event: t.expose('event', { type: AuditEventNameType, description: 'Name of the event.' }),
    since: t.expose('since', { type: 'DateTime', description: 'Start of the hour or day (UTC).' }),
    count: t.exposeInt('count', {
      description: 'Number of events. Counting stops at 10,000.',
    }),
  }),
});

const TalliesType = builder.objectRef<object>('EventCounts').implement({
  description: 'Counts of recent sign-ins, failures and limits. Zeros are left out.',
  fields: (t) => ({
    hours: t.field({
      type: [TallyType],
      description: 'The last 24 hours.',
      resolve: (_counts, _args, ctx) => sharedTally(ctx, 'hours'),
    }),
    days: t.field({
      type: [TallyType],
      description: 'The last 30 days.',
      resolve: (_counts, _args, ctx) => sharedTally(ctx, 'days'),
    }),
  }),
});

const OutboxQueueType = builder.objectRef<OutboxState['waiting'][number]>('OutboxQueue').implement({
  description: 'Entries of one kind that wait in the outbox.',
  fields: (t) => ({
    kind: t.exposeString('kind', {
      description: 'Kind of the entries, such as `mail` or `audit`. Future releases may add kinds.',
    }),
    count: t.exposeInt('count', { description: 'Number of entries. Counting stops at 100,000.' }),
    oldest: t.exposeInt('oldest', { description: 'Age of the oldest entry, in seconds.' }),
  }),
});

const FailedEntryType = builder
  .objectRef<OutboxState['failed'][number]>('FailedOutboxEntry')
  .implement({
    description:
      'An entry of the outbox that failed for good. It shows neither text nor recipient.',
    fields: (t) => ({
      id: t.exposeID('id', { description: 'ID for `npx gatehouse outbox retry`.' }),
      kind: t.exposeString('kind', { description: 'Kind of the entry, such as `mail`.' }),
      outcome: t.exposeString('outcome', {
        description:
          '`REFUSED` by the mail server, `GIVEN_UP` because it expired, or `DEAD_LETTER`: it cannot be read or written.',
      }),
      attempts: t.exposeInt('attempts', { description: 'Number of attempts.' }),
      createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
      lastError: t.exposeString('lastError', {
        nullable: true,
        description: 'Codes of the last error, such as `EENVELOPE 451`.',
      }),
    }),
  });

const OutboxType = builder.objectRef<OutboxState>('OutboxState').implement({
  description: 'State of the outbox, which holds mails and audit events until they are written.',
  fields: (t) => ({
    waiting: t.expose('waiting', {
      type: [OutboxQueueType],
      description: 'Waiting entries, by kind.',
    }),
    failed: t.expose('failed', {
      type: [FailedEntryType],
      description: 'The newest entries that failed for good, at most 100.',
    }),
  }),
});

const SigningKeyType = builder.objectRef<ListedKey>('SigningKey').implement({
  description: 'A signing key of access tokens, without the key itself.',
  fields: (t) => ({
    kid: t.exposeID('kid', { description: 'ID of the key in the JWKS.' }),
    alg: t.exposeString('alg', { description: 'Algorithm, such as `ES256`.' }),
    state: t.string({
      description:
        '`WAITING` for verifiers to learn it, `SIGNING`, `VERIFYING` tokens that it signed, `RETIRED`, or `DROPPED` because it was compromised.',
      resolve: ({ state }) => state.toUpperCase(),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of creation.' }),
    signsFrom: t.expose('signsFrom', {
      type: 'DateTime',
      description: 'Time from which it signs.',
    }),
    verifiesUntil: t.expose('verifiesUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Time when its last token expires. Null until it has a successor.',
    }),
  }),
});

builder.queryFields((t) => ({
  eventCounts: t.field({
    description:
      'Counts of recent sign-ins, failures and limits, by hour and day. Requires an access token of an `ADMIN`.',
    type: TalliesType,
    nullable: true,
    authScopes: { admin: true },
    resolve: () => ({}),
  }),
  outbox: t.field({
    description:
      'Waiting and failed entries of the outbox. Requires an access token of an `ADMIN`.',
    type: OutboxType,
    nullable: true,
    authScopes: { admin: true },
    resolve: (_root, _args, ctx) => ctx.sharedWork.run('outbox', () => readOutbox(ctx)),
  }),
  signingKeys: t.field({
    description: 'The signing keys, the newest first. Requires an access token of an `ADMIN`.',
    type: [SigningKeyType],
    nullable: true,
    authScopes: { admin: true },
    resolve: (_root, _args, ctx) => listKeys(ctx),
  }),
}));
