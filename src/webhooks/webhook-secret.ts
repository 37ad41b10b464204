import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Bytes of a secret: as many as HMAC-SHA256 uses (Standard Webhooks: 24 to 64). */
const BYTES = 32;

/** Returns the label of an encrypted secret. */
export const secretLabel = (id: string): string => `webhook ${id}`;

/** Makes a secret in the form of Standard Webhooks. */
export const newWebhookSecret = (): string => PREFIX + randomBytes(BYTES).toString('base64');

/**
 * Signs a message with each secret, for the header `webhook-signature` (Standard Webhooks, `v1`).
 *
 * @param timestamp Unix seconds of this attempt
 */
export const signaturesOf = (
  secrets: readonly string[],
  id: string,
  timestamp: number,
  body: string,
): string =>
  secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      const content = `${id}.${timestamp}.${body}`;
      return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    })
    .join(' ');
