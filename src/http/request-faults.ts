import type { IncomingMessage } from 'node:http';
import type { ProblemName } from '../errors/problem-types.ts';

/** Why a request is refused before it is routed. */
export interface Fault {
  readonly name: ProblemName;
  /** Human-readable; contains nothing that the client sent. */
  readonly detail: string;
}

/**
 * Headers that may occur only once. Node silently takes the first of two, and a proxy in front may
 * take the other.
 */
const single = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'origin',
  'transfer-encoding',
]);

const fault = (name: ProblemName, detail: string): Fault => ({ name, detail });

/**
 * Finds whatever two parsers could read differently (request smuggling, ASVS 5.0 4.2.1), and what
 * the service does not implement. Rewrites an absolute request target (RFC 9112 §3.2.2) to its
 * path.
 */
export function findFault(request: IncomingMessage): Fault | undefined {
  return (
    faultInVersion(request) ??
    faultInHost(request) ??
    faultInTarget(request) ??
    faultInCoding(request)
  );
}

function faultInVersion({ httpVersion }: IncomingMessage): Fault | undefined {
  if (httpVersion === '1.1' || httpVersion === '1.0') return undefined;
  return fault('bad-request', 'The HTTP version may only be 1.0 or 1.1');
}

function faultInHost({ headers, httpVersion, rawHeaders }: IncomingMessage): Fault | undefined {
  // RFC 9112 §3.2. HTTP/1.0 does not have the header.
  if (headers.host === undefined && httpVersion === '1.1') {
    return fault('bad-request', 'The header Host is missing');
  }
  const found = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    if (!single.has(name)) continue;
    if (found.has(name)) return fault('bad-request', `The header ${name} comes twice`);
    found.add(name);
  }
  return undefined;
}

function faultInTarget(request: IncomingMessage): Fault | undefined {
  const { url = '', headers } = request;
  const isPath = url.startsWith('/');
  const target = isPath || /^https?:\/\//i.test(url) ? parseTarget(url, isPath) : null;
  if (!target) return fault('bad-request', 'The request target is not a path');
  if (target.username || target.password) {
    return fault('bad-request', 'The request target contains user information');
  }
  if (!isPath && target.host !== URL.parse(`${target.protocol}//${headers.host}`)?.host) {
    return fault('bad-request', 'The request target names another host than the header Host');
  }
  if (!isNormal(url, target)) {
    return fault('bad-request', 'The path of the request target is not in its normal form');
  }
  if (!isPath) request.url = target.pathname + target.search;
  return undefined;
}

/** A base in front rather than as an argument: `//name` is a path here. */
const parseTarget = (url: string, isPath: boolean): URL | null =>
  URL.parse(isPath ? `http://localhost${url}` : url);

/**
 * Whether the path is read alike by every parser (RFC 3986 §6.2.2): without dot segments, a fragment
 * and backslashes, and no character is percent-encoded that may stand for itself. `%2F` stays: it is
 * part of a segment, and no route decodes it.
 */
function isNormal(url: string, { pathname }: URL): boolean {
  if (url.includes('#')) return false;
  const path = /^(?:https?:\/\/[^/?]*)?([^?]*)/i.exec(url)?.[1] || '/';
  const encoded = path.match(/%[0-7][\da-f]/gi) ?? [];
  return path === pathname && !encoded.some((each) => /[\w.~\\-]/.test(decodeURIComponent(each)));
}

function faultInCoding({ headers, httpVersion }: IncomingMessage): Fault | undefined {
  const transfer = headers['transfer-encoding']?.toLowerCase();
  if (transfer !== undefined && httpVersion !== '1.1') {
    return fault('bad-request', 'HTTP/1.0 has no Transfer-Encoding');
  }
  if (transfer !== undefined && transfer !== 'chunked') {
    return fault('not-implemented', 'The header Transfer-Encoding may only be chunked');
  }
  const content = headers['content-encoding']?.toLowerCase() || 'identity';
  if (content !== 'identity') {
    return fault(
      'unsupported-media-type',
      'The body is compressed: send it without Content-Encoding',
    );
  }
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) {
    return fault('unsupported-media-type', 'The charset of the body may only be UTF-8');
  }
  const expect = headers.expect?.toLowerCase();
  if (expect !== undefined && expect !== '100-continue') {
    return fault('expectation-failed', 'The header Expect may only be 100-continue');
  }
  return undefined;
}
