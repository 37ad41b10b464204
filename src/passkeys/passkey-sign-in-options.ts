import type { Context } from '../context.ts';
import type { PasskeyOptions } from './passkey-registration-options.ts';
import { requestOptions } from './request-options.ts';

/**
 * Returns options for `navigator.credentials.get()`. They are the same for everyone and list no
 * credentials, so they reveal nothing about an account. Stores nothing.
 */
export const passkeySignInOptions = (ctx: Context): PasskeyOptions =>
  requestOptions(ctx, { purpose: 'SIGN_IN', owner: '' });
