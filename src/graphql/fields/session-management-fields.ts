import { type LiveSession, listSessions } from '../../sessions/list-sessions.ts';
import {
  type RevokedSessions,
  revokeOtherSessions,
  revokeSession,
} from '../../sessions/revoke-session.ts';
import { revokeSessionInput } from '../../sessions/session-inputs.ts';
import { builder } from '../builder.ts';
import { currentViewer, viewerOf } from '../graphql-context.ts';
import { inputArg } from '../input-type.ts';

export const SessionType = builder.objectRef<LiveSession>('Session').implement({
  description: 'A session on one device, from sign-in until it ends.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Session ID: the `sid` claim of its access tokens.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Time of the sign-in.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      description: 'Time of the last token refresh.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Time when the session expires if its tokens are not refreshed.',
    }),
    ipAddress: t.exposeString('ipAddress', { description: 'IP address of the sign-in.' }),
    userAgent: t.exposeString('userAgent', {
      description: 'The `User-Agent` header of the sign-in, at most 512 characters.',
    }),
    current: t.exposeBoolean('current', {
      description: 'Whether this is the session of the current request.',
    }),
  }),
});

export const RevokedSessionsType = builder.objectRef<RevokedSessions>('RevokedSessions').implement({
  description: 'The ended sessions.',
  fields: (t) => ({
    detail: t.exposeString('detail', { description: 'Human-readable message. Do not parse it.' }),
    ids: t.expose('ids', {
      type: ['ID'],
      description: 'The `id` of each ended session, so that a client can drop it from its cache.',
    }),
  }),
});

builder.queryField('sessions', (t) =>
  t.field({
    description: 'The active sessions of the signed-in account, most recently used first.',
    type: [SessionType],
    nullable: true,
    resolve: async (_root, _args, ctx) => {
      const { user, sessionId } = await viewerOf(ctx);
      return listSessions(ctx, user.id, sessionId);
    },
  }),
);

builder.mutationFields((t) => ({
  revokeSession: t.field({
    description: 'Ends a session of the signed-in account. Requires an access token.',
    type: RevokedSessionsType,
    // Checks no secret and sends no mail.
    limit: 'none',
    args: inputArg(t, revokeSessionInput),
    resolve: async (_root, { input }, ctx) => revokeSession(ctx, await currentViewer(ctx), input),
  }),
  revokeOtherSessions: t.field({
    description:
      'Ends all sessions of the signed-in account except this one. Requires an access token.',
    type: RevokedSessionsType,
    // Checks no secret and sends no mail.
    limit: 'none',
    resolve: async (_root, _args, ctx) => revokeOtherSessions(ctx, await currentViewer(ctx)),
  }),
}));
