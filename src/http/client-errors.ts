import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config/load-config.ts';
import { type ProblemName, problemTypes } from '../errors/problem-types.ts';
import type { Log } from '../ports/logger.ts';
import { addressOf, prefixOf } from './ip-prefix.ts';
import { problemText } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

/** Errors of Node's HTTP parser that have a status of their own. */
const problems: Readonly<Record<string, readonly [ProblemName, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload-too-large', 'The chunk extensions are too large'],
};

const malformed = ['bad-request', 'The request is not well-formed HTTP'] as const;

/** Closes a connection whose request could not be read, with a response that says why. */
export type RefuseConnection = (socket: Socket, problem: readonly [ProblemName, string]) => void;

/** Returns the problem for an error of the HTTP parser. */
export const problemOf = ({ code = '' }: NodeJS.ErrnoException) => problems[code] ?? malformed;

/**
 * Writes the responses that Node would send by itself, with the headers of every response. Writes
 * them as text, because no parsed request exists that a response could belong to.
 */
export function createConnectionRefusals(
  config: Pick<Config, 'publicUrl'>,
  log: Log,
): RefuseConnection {
  const fixed = [...securityHeaders(config)].map(([name, value]) => `${name}: ${value}`);

  return (socket, [name, detail]) => {
    const { status, code } = problemTypes[name];
    const requestId = randomUUID();
    const body = problemText(config.publicUrl, name, detail);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...fixed,
      `x-request-id: ${requestId}`,
      `date: ${new Date().toUTCString()}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ];
    const client = socket.remoteAddress && prefixOf(addressOf(socket.remoteAddress));
    log.info({ requestId, client, operation: 'unknown', code, status }, 'request');
    socket.end(lines.join('\r\n'), () => socket.destroy());
  };
}
