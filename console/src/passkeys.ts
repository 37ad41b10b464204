import { createPasskeys } from '../../client/src/passkeys.ts';
import { client } from './client.ts';

export const passkeys = createPasskeys(client);

/**
 * Whether the browser has passkeys, also for this page: it accepts no IP address (WebAuthn Level 3
 * §5.1.3).
 */
export const hasPasskeys = passkeys.isSupported() && !/^[\d.]+$|^\[/.test(location.hostname);
