import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '../config/load-config.ts';
import type { Services } from '../context.ts';
import type { ConnectionPool } from './connection-pool.ts';
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

/** Replaces the responses that Node would send by itself. */
export function answerClientErrors(
  server: Server,
  pool: ConnectionPool,
  config: Config,
  services: Pick<Services, 'log' | 'metrics'>,
): void {
  const reject = createReject(config, services);
  // The app rejects expectations other than `100-continue`.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    reject(socket as Socket, problem('not-implemented', 'The method CONNECT is not supported'));
  });
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    // A connection that has sent nothing expects no response.
    const isWaiting = socket.bytesRead > 0 && socket.writable && pool.canRespond(socket);
    if (isWaiting) reject(socket, problems[code] ?? malformed);
    else socket.destroy();
  });
}

/**
 * Creates a function that rejects a request. Writes the response as text, because the parser could
 * not read the request.
 */
function createReject(config: Config, { log, metrics }: Pick<Services, 'log' | 'metrics'>) {
  const common = createSecurityHeaders(config);
  return (socket: Socket, fault: Problem): void => {
    const { status, code } = fault;
    const requestId = randomUUID();
    const body = problemDocument(fault, config.publicUrl);
    const headers = Object.entries({
      ...common,
      'x-request-id': requestId,
      date: new Date().toUTCString(),
      ...problemHeaders(fault),
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}`);
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers].join('\r\n');
    const client = socket.remoteAddress && networksOf(addressOf(socket.remoteAddress)).at(-1);
    metrics.add('requests', ['unknown', code]);
    log.info({ requestId, client, operation: 'unknown', code, status }, 'request');
    socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
  };
}
