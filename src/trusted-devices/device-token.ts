import { hash, randomBytes } from 'node:crypto';

/** The device cookie of a browser in cookie mode. */
export interface Browser {
  readonly token: string | undefined;
}

/** Creates the secret of a device: 256 bits. */
export const createDeviceToken = (): string => randomBytes(32).toString('base64url');

/** Returns the hash of a secret, as the table stores it. 256 bits need no slow hash. */
export const deviceHash = (token: string): string => hash('sha256', token, 'base64url');
