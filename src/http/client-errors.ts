import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config/load-config.ts';
import type { Log } from '../ports/logger.ts';
import { addressOf, networksOf } from './ip-prefix.ts';
import { type Problem, problem, problemDocument, problemHeaders } from './problem.ts';
import { createSecurityHeaders } from './security-headers.ts';

/** Errors of Node's HTTP parser that have a status of their own. */
const problems: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: problem('request-timeout', 'The request was not received in time'),
  HPE_HEADER_OVERFLOW: problem('headers-too-large', 'The headers are larger than 16 KiB'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: problem('payload-too-large', 'The chunk extensions are too large'),
};

const malformed = problem('bad-request', 'Malformed HTTP request');

/** Returns the problem for an error of the HTTP parser. */
export const problemOf = ({ code = '' }: NodeJS.ErrnoException): Problem =>
  problems[code] ?? malformed;

/**
 * Creates a function that refuses an unreadable request and closes its connection. Writes text,
 * because there is no parsed request to respond to.
 */
export function createConnectionRefusals(config: Config, log: Log) {
  const common = Object.fromEntries(createSecurityHeaders(config));
  return (socket: Socket, refusal: Problem): void => {
    const { status, code } = refusal;
    const requestId = randomUUID();
    const body = problemDocument(refusal, config.publicUrl);
    const headers = {
      ...common,
      'x-request-id': requestId,
      date: new Date().toUTCString(),
      ...problemHeaders(refusal),
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines].join('\r\n');
    const client = socket.remoteAddress && networksOf(addressOf(socket.remoteAddress)).at(-1);
    log.info({ requestId, client, operation: 'unknown', code, status }, 'request');
    socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
  };
}
