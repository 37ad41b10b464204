import { watchSession } from '../../sessions/watch-session.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../graphql-context.ts';

builder.subscriptionField('sessionEnded', (t) =>
  t.field({
    description:
      'Sends the `id` of the session of the access token when it ends for any reason, within a second, and completes. Completes without an event when the access token expires: then refresh it and subscribe again.',
    type: 'ID',
    subscribe: async (_root, _args, ctx) => watchSession(ctx, await viewerOf(ctx)),
    resolve: (id) => id,
  }),
);
