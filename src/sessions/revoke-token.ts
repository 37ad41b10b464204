import type { Context } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { authenticate } from './authenticate.ts';
import { logout } from './logout.ts';

/** Logs out the session of an access or refresh token. Any other token is no error (RFC 7009 §2.2). */
export async function revokeToken(ctx: Context, token: string): Promise<void> {
  const viewer = await authenticate(ctx, token);
  await logout(ctx, viewer, viewer ? {} : { refreshToken: token }).catch((error) => {
    if (!(error instanceof AuthError && error.code === 'INVALID_TOKEN')) throw error;
  });
}
