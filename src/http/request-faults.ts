import type { IncomingMessage } from 'node:http';
import type { ProblemName } from '../errors/problem-types.ts';
import { type Problem, problem } from './problem.ts';
import type { Edge, Step } from './request-state.ts';

/** Envoy appends the target of its client's request, which this service does not use. */
const envoyTarget = /^(\/oauth\/verify\/envoy)[/?#]/;

/** Rejects requests that two parsers could read differently (ASVS 5.0 4.2.1). Sets the path. */
export function requestFaults({ config }: Edge): Step {
  return (state) => {
    const { request } = state;
    const [, asked] = envoyTarget.exec(request.url ?? '') ?? [];
    if (asked) request.url = asked;
    const fault = headerFault(request) ?? targetFault(request) ?? bodyFault(request);
    const [path = ''] = request.url?.split('?', 1) ?? [];
    state.path = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    if (fault) {
      // The end of this message is ambiguous: the rest must not be read as the next request.
      state.setHeader('connection', 'close');
      return state.reject(fault, config.publicUrl);
    }
    return undefined;
  };
}

/** A rule: whether a request breaks it, and the response if it does. */
type Rule = readonly [isBroken: boolean, detail: string, name?: ProblemName];

function firstFault(rules: readonly Rule[]): Problem | undefined {
  const [, detail, name = 'bad-request'] = rules.find(([isBroken]) => isBroken) ?? [];
  return detail === undefined ? undefined : problem(name, detail);
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

function headerFault(request: IncomingMessage) {
  const { headers, rawHeaders, httpVersion } = request;
  // Node collects the distinct headers on each use, so this looks only if a name occurs twice.
  const repeated =
    rawHeaders.length === 2 * Object.keys(headers).length
      ? undefined
      : single.find((name) => (request.headersDistinct[name]?.length ?? 0) > 1);
  if (httpVersion === '1.1' && headers.host !== undefined && !repeated) return undefined;
  return firstFault([
    [httpVersion !== '1.1' && httpVersion !== '1.0', 'Unsupported HTTP version: use 1.1'],
    // RFC 9112 §3.2. HTTP/1.0 does not have the header.
    [headers.host === undefined && httpVersion === '1.1', 'The header Host is missing'],
    [repeated !== undefined, `The header ${repeated} occurs twice: send it once`],
  ]);
}

/** Paths that need no parser: no dot, percent sign, backslash or fragment. The query is any text. */
const plainTarget = /^\/[\w/-]*(?:\?[!"$-~]*)?$/;

/** Checks the request target. Rewrites an absolute one to its path (RFC 9112 §3.2.2). */
function targetFault(request: IncomingMessage): Problem | undefined {
  const { url = '', headers } = request;
  if (plainTarget.test(url)) return undefined;
  const isPath = url.startsWith('/');
  const target = isPath || /^https?:\/\//i.test(url) ? parseTarget(url, isPath) : null;
  if (!target) return problem('bad-request', 'The request target is not a path');
  const { username, password, protocol, host, pathname, search } = target;
  const isOtherHost = !isPath && host !== URL.parse(`${protocol}//${headers.host}`)?.host;
  const fault = firstFault([
    [`${username}${password}` !== '', 'The URL contains a user name or password: remove it'],
    [isOtherHost, 'The host in the request target differs from the header Host'],
    [
      !isNormal(url, target),
      'The path is not normalized: remove dot segments and unnecessary percent-encoding',
    ],
  ]);
  if (!fault && !isPath) request.url = pathname + search;
  return fault;
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

/** Headers about the body that few requests have. */
const unusual = ['transfer-encoding', 'content-encoding', 'expect'];

/**
 * Checks the headers about the body. Without a body, its coding and charset mean nothing: a proxy that
 * asks who is signed in forwards those of its client's request.
 */
function bodyFault({ headers, httpVersion }: IncomingMessage) {
  const isPlain =
    !headers['content-type']?.includes(';') && unusual.every((name) => headers[name] === undefined);
  if (isPlain) return undefined;
  const transfer = headers['transfer-encoding']?.toLowerCase();
  const isOld = transfer !== undefined && httpVersion !== '1.1';
  const hasBody = transfer !== undefined || (headers['content-length'] ?? '0') !== '0';
  const encoding = headers['content-encoding']?.toLowerCase() || 'identity';
  const charset =
    /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf8';
  const media = 'unsupported-media-type';
  return firstFault([
    [isOld, 'HTTP/1.0 does not support Transfer-Encoding: send Content-Length'],
    [
      (transfer ?? 'chunked') !== 'chunked',
      'Unsupported Transfer-Encoding: use chunked',
      'not-implemented',
    ],
    [
      hasBody && encoding !== 'identity',
      'The body is compressed: send it without Content-Encoding',
      media,
    ],
    [hasBody && !/^(utf-?8|us-ascii)$/i.test(charset), 'Unsupported charset: send UTF-8', media],
    [
      (headers.expect?.toLowerCase() ?? '100-continue') !== '100-continue',
      'Unsupported Expect header: use 100-continue, or omit it',
      'expectation-failed',
    ],
  ]);
}
