import type { Viewer } from '../accounts/user.ts';
import type { Context } from '../context.ts';

/** Returns the id of the viewer's session when that ends. @throws what `SessionStreams.open` throws */
export const watchSession = (ctx: Context, { user, sessionId, expiresAt }: Viewer) =>
  ctx.sessionStreams.open({
    ...{ sessionId, expiresAt },
    accountId: user.id,
    prefix: ctx.client.prefix,
  });
