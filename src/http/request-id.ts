import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { addressOf, createTrust } from './ip-prefix.ts';

/** What an id may look like that somebody else made: it goes into a header and into the log. */
const shape = /^[\w-]{1,64}$/;

/**
 * Gives each request an id, by which the lines that the log has about it are found: that of a
 * trusted proxy, so that its log and ours go together, or a new UUID. Clients choose none.
 *
 * @param trusted addresses or CIDR networks
 */
export function createRequestIds(trusted: readonly string[]): (request: IncomingMessage) => string {
  const isTrusted = createTrust(trusted);
  return ({ headers, socket: { remoteAddress } }) => {
    const given = headers['x-request-id'];
    return typeof given === 'string' &&
      shape.test(given) &&
      remoteAddress !== undefined &&
      isTrusted(addressOf(remoteAddress))
      ? given
      : randomUUID();
  };
}
