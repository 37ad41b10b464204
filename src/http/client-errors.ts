import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.ts';
import { type ProblemName, problemTypes } from '../problems.ts';
import { problemText } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

/** Errors of Node's HTTP parser that have a status of their own. */
const problems: Readonly<Record<string, readonly [ProblemName, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['payload-too-large', 'The chunk extensions are too large'],
};

const malformed = ['bad-request', 'The request is not well-formed HTTP'] as const;

/** Ends a connection on which no request came to be, with the response that says why. */
export type RefuseConnection = (socket: Duplex, problem: readonly [ProblemName, string]) => void;

/** Returns the problem that an error of the HTTP parser stands for. */
export const problemOf = ({ code = '' }: NodeJS.ErrnoException) => problems[code] ?? malformed;

/**
 * Writes the responses that Node would make by itself, with the headers that all responses have.
 * They are written as text, because there is no request that a response could belong to.
 */
export function createConnectionRefusals(config: Pick<Config, 'publicUrl'>): RefuseConnection {
  const fixed = [...securityHeaders(config)].map(([name, value]) => `${name}: ${value}`);

  return (socket, [name, detail]) => {
    const { status } = problemTypes[name];
    const body = problemText(config.publicUrl, name, detail);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...fixed,
      `x-request-id: ${randomUUID()}`,
      `date: ${new Date().toUTCString()}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ];
    socket.end(lines.join('\r\n'), () => socket.destroy());
  };
}
