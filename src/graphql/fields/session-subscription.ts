import { watchSession } from '../../sessions/watch-session.ts';
import { builder } from '../builder.ts';
import { viewerOf } from '../graphql-context.ts';

builder.subscriptionField('sessionEnded', (t) =>
  t.field({
    description:
      'Sends the `id` of the session of the access token when it ends for any reason, within a second, and completes. Completes without an event when the access token expires: then refresh it and subscribe again.',
    type: 'ID',
    subscribe: async (_root, _args, ctx) => {
      const end = watchSession(ctx, await viewerOf(ctx));
      // The client may have left before Yoga reads the stream, which then nobody else would close.
      ctx.whenClosed(() => void end.return?.());
      return end;
    },
    resolve: (id) => id,
  }),
);
