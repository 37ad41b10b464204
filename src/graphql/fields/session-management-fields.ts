import { type LiveSession, listSessions } from '../../sessions/list-sessions.ts';
import {
  type RevokedSessions,
  revokeOtherSessions,
  revokeSession,
} from '../../sessions/revoke-session.ts';
import { builder } from '../builder.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { revokeSessionInput } from '../inputs.ts';

const SessionType = builder.objectRef<LiveSession>('Session').implement({
  description: 'A signed-in device.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'For `revokeSession`; claim `sid` of its tokens.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was opened.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'When its tokens were last renewed.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends, unless its tokens are renewed before.',
    }),
    ipAddress: t.exposeString('ipAddress', { description: 'Where it was opened.' }),
    userAgent: t.exposeString('userAgent', {
      description: 'The `User-Agent` header it was opened with, at most 512 characters.',
    }),
    current: t.exposeBoolean('current', { description: 'Whether it is the one that asks.' }),
  }),
});

builder.queryField('sessions', (t) =>
  t.field({
    description: 'The live sessions of the account that is signed in, the one used last first.',
    type: [SessionType],
    nullable: true,
    resolve: async (_root, _args, ctx) => listSessions(ctx, await viewerOf(ctx)),
  }),
);

const RevokeSessionInput = builder.inputType('RevokeSessionInput', {
  description: 'A session to end.',
  validate: { schema: revokeSessionInput },
  fields: (t) => ({
    id: t.id({ required: true, description: 'One of `sessions`.' }),
  }),
});

const RevokedSessionsType = builder.objectRef<RevokedSessions>('RevokedSessions').implement({
  description: 'The sessions that were ended.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'A text for people.' }),
    ids: t.expose('ids', {
      type: ['ID'],
      description: 'The `id` of each ended session, so that a client can drop it from its cache.',
    }),
  }),
});

builder.mutationFields((t) => ({
  revokeSession: t.field({
    description: 'Ends one of the own sessions. Needs an access token.',
    type: RevokedSessionsType,
    args: {
      input: t.arg({ type: RevokeSessionInput, required: true, description: 'Which session.' }),
    },
    resolve: async (_root, { input }, ctx) =>
      revokeSession(ctx, await currentViewer(ctx), { id: String(input.id) }),
  }),
  revokeOtherSessions: t.field({
    description: 'Ends all own sessions but this one. Needs an access token.',
    type: RevokedSessionsType,
    resolve: async (_root, _args, ctx) => revokeOtherSessions(ctx, await currentViewer(ctx)),
  }),
}));
