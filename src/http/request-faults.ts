import type { IncomingMessage } from 'node:http';
import { type Problem, problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

type Fault = Problem | undefined;
type Check = (request: IncomingMessage) => Fault;

/** Refuses what two parsers could read differently (ASVS 5.0 4.2.1). Sets the path. */
export function requestFaults({ config }: Edge): Step {
  return (state) => {
    const { request, response } = state;
    for (const check of checks) {
      const fault = check(request);
      if (!fault) continue;
      // The end of this message is ambiguous: the rest must not be read as the next request.
      response.setHeader('connection', 'close');
      return state.refuse(fault, config.publicUrl);
    }
    state.path = pathOf(request);
  };
}

const checks: readonly Check[] = [versionFault, headerFault, targetFault, bodyFault];

/** Returns the path without its query and its final slash. */
function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

const malformed = (detail: string): Problem => problem('bad-request', detail);

function versionFault({ httpVersion }: IncomingMessage): Fault {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return malformed('Unsupported HTTP version: use 1.1');
}

/** Headers that may occur only once: Node takes the first of two, a proxy may take the other. */
const single = [
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'origin',
  'transfer-encoding',
];

function headerFault({ headers, headersDistinct, httpVersion }: IncomingMessage): Fault {
  // RFC 9112 §3.2. HTTP/1.0 does not have the header.
  if (headers.host === undefined && httpVersion === '1.1') {
    return malformed('The header Host is missing');
  }
  const repeated = single.find((name) => (headersDistinct[name]?.length ?? 0) > 1);
  return repeated === undefined
    ? undefined
    : malformed(`The header ${repeated} occurs twice: send it once`);
}

/** Checks the request target. Rewrites an absolute one to its path (RFC 9112 §3.2.2). */
function targetFault(request: IncomingMessage): Fault {
  const { url = '', headers } = request;
  const isPath = url.startsWith('/');
  const target = isPath || /^https?:\/\//i.test(url) ? parseTarget(url, isPath) : null;
  if (!target) return malformed('The request target is not a path');
  if (target.username || target.password) {
    return malformed('The URL contains a user name or password: remove it');
  }
  if (!isPath && target.host !== URL.parse(`${target.protocol}//${headers.host}`)?.host) {
    return malformed('The host in the request target differs from the header Host');
  }
  if (!isNormal(url, target)) {
    return malformed(
      'The path is not normalized: remove dot segments and unnecessary percent-encoding',
    );
  }
  if (!isPath) request.url = target.pathname + target.search;
  return undefined;
}

/** Parses with a base in front, rather than as an argument: `//name` is a path here. */
const parseTarget = (url: string, isPath: boolean): URL | null =>
  URL.parse(isPath ? `http://localhost${url}` : url);

/**
 * Whether every parser reads the path alike (RFC 3986 §6.2.2): no dot segments, fragments, backslashes
 * and needless percent-encoding. `%2F` is allowed, because no route decodes it.
 */
function isNormal(url: string, { pathname }: URL): boolean {
  if (url.includes('#')) return false;
  const path = /^(?:https?:\/\/[^/?]*)?([^?]*)/i.exec(url)?.[1] || '/';
  const encoded = path.match(/%[0-7][\da-f]/gi) ?? [];
  return path === pathname && !encoded.some((each) => /[\w.~\\-]/.test(decodeURIComponent(each)));
}

/** Checks the headers about the body. */
function bodyFault({ headers, httpVersion }: IncomingMessage): Fault {
  const transfer = headers['transfer-encoding']?.toLowerCase();
  if (transfer !== undefined && httpVersion !== '1.1') {
    return malformed('HTTP/1.0 does not support Transfer-Encoding: send Content-Length');
  }
  if (transfer !== undefined && transfer !== 'chunked') {
    return problem('not-implemented', 'Unsupported Transfer-Encoding: use chunked');
  }
  const unsupported = (detail: string) => problem('unsupported-media-type', detail);
  if ((headers['content-encoding']?.toLowerCase() || 'identity') !== 'identity') {
    return unsupported('The body is compressed: send it without Content-Encoding');
  }
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    return unsupported('Unsupported charset: send JSON in UTF-8');
  }
  const expect = headers.expect?.toLowerCase();
  if (expect !== undefined && expect !== '100-continue') {
    return problem('expectation-failed', 'Unsupported Expect header: use 100-continue, or omit it');
  }
  return undefined;
}
