import { expect, it } from 'vitest';
import { useApp } from '#tests/support/app.ts';
import { chunked, get, post, QUERY, sendRaw, withBody } from '#tests/support/raw-request.ts';

const app = useApp({ PUBLIC_URL: 'https://auth.example.com' });

it.each<[string, number, string, string[]]>([
  ['a coding that is not read', 501, 'BAD_REQUEST', chunked('Transfer-Encoding: gzip, chunked')],
  ['two transfer codings', 400, 'BAD_REQUEST', chunked('Transfer-Encoding: chunked, chunked')],
  [
    'the coding in two headers',
    400,
    'BAD_REQUEST',
    chunked('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'),
  ],
  [
    'a length and a coding',
    400,
    'BAD_REQUEST',
    chunked('Transfer-Encoding: chunked', 'Content-Length: 3'),
  ],
  ['two lengths', 400, 'BAD_REQUEST', withBody('Content-Length: 3')],
  [
    'a coding in HTTP/1.0',
    400,
    'BAD_REQUEST',
    ['POST /graphql HTTP/1.0', 'Host: localhost', 'Transfer-Encoding: chunked', '', '0', '', ''],
  ],
  ['a compressed body', 415, 'BAD_REQUEST', withBody('Content-Encoding: gzip')],
  ['a doubly compressed body', 415, 'BAD_REQUEST', withBody('Content-Encoding: identity, br')],
  ['two hosts', 400, 'BAD_REQUEST', get('/healthz', 'Host: localhost', 'Host: evil.test')],
  [
    'the same host twice',
    400,
    'BAD_REQUEST',
    get('/healthz', 'Host: localhost', 'Host: localhost'),
  ],
  ['no host', 400, 'BAD_REQUEST', get('/healthz')],
  [
    'two tokens',
    400,
    'BAD_REQUEST',
    get('/api/v1/auth/me', 'Host: localhost', 'Authorization: Bearer a', 'Authorization: Bearer b'),
  ],
  ['two types', 400, 'BAD_REQUEST', withBody('Content-Type: text/plain')],
  ['two origins', 400, 'BAD_REQUEST', withBody('Origin: https://a.test', 'Origin: https://b.test')],
  [
    'a target at another host',
    400,
    'BAD_REQUEST',
    get('http://evil.test/healthz', 'Host: localhost'),
  ],
  [
    'a target at another port',
    400,
    'BAD_REQUEST',
    get('http://localhost:1/healthz', 'Host: localhost'),
  ],
  [
    'a target with a user',
    400,
    'BAD_REQUEST',
    get('http://localhost@evil.test/healthz', 'Host: localhost'),
  ],
  [
    'a target that is not a path',
    400,
    'BAD_REQUEST',
    ['OPTIONS * HTTP/1.1', 'Host: localhost', '', ''],
  ],
  [
    'a target of another scheme',
    400,
    'BAD_REQUEST',
    get('ftp://localhost/healthz', 'Host: localhost'),
  ],
  ...[
    '/x/../api/v1/auth/me',
    '/healthz/%2e%2e/api/v1/auth/me',
    '/api/./v1/auth/me',
    '/api/v1/auth/%6de',
    '/healthz\\..\\api/v1/auth/me',
    '/api/v1/auth/me#x',
    'http://localhost/x/../api/v1/auth/me',
  ].map((target): [string, number, string, string[]] => [
    `the path ${target}, which has another normal form`,
    400,
    'BAD_REQUEST',
    get(target, 'Host: localhost'),
  ]),
  [
    'user information in a target at the own host',
    400,
    'BAD_REQUEST',
    get('http://user:pw@localhost/healthz', 'Host: localhost'),
  ],
  ['HTTP/2.0', 400, 'BAD_REQUEST', ['GET /healthz HTTP/2.0', 'Host: localhost', '', '']],
  ['HTTP/0.9', 400, 'BAD_REQUEST', ['GET /healthz HTTP/0.9', '', '']],
  ['a request without a version', 400, 'BAD_REQUEST', ['GET /healthz', '', '']],
  [
    'a body in UTF-16',
    415,
    'BAD_REQUEST',
    [
      'POST /graphql HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json; charset=utf-16',
      `Content-Length: ${QUERY.length}`,
      '',
      QUERY,
    ],
  ],
  ['a tunnel', 501, 'BAD_REQUEST', ['CONNECT localhost:80 HTTP/1.1', 'Host: localhost', '', '']],
  ['another expectation', 417, 'BAD_REQUEST', withBody('Expect: 200-ok')],
  [
    'headers of 20 kB',
    431,
    'PAYLOAD_TOO_LARGE',
    get('/healthz', 'Host: localhost', `X: ${'x'.repeat(20_000)}`),
  ],
  [
    'an address of 20 kB',
    431,
    'PAYLOAD_TOO_LARGE',
    get(`/${'x'.repeat(20_000)}`, 'Host: localhost'),
  ],
  [
    'chunk extensions of 20 kB',
    413,
    'PAYLOAD_TOO_LARGE',
    [...post('Host: localhost', 'Transfer-Encoding: chunked'), '', `1;${'x'.repeat(20_000)}`, '{'],
  ],
  [
    'a chunk without a length',
    400,
    'BAD_REQUEST',
    [...post('Host: localhost', 'Transfer-Encoding: chunked'), '', 'zz', ''],
  ],
  [
    'a header with a blank in its name',
    400,
    'BAD_REQUEST',
    get('/healthz', 'Host: localhost', 'X Y: z'),
  ],
  ['a header over two lines', 400, 'BAD_REQUEST', get('/healthz', 'Host: localhost', 'X: a', ' b')],
  ['a bare line feed', 400, 'BAD_REQUEST', ['GET /healthz HTTP/1.1\nHost: localhost\n\n']],
  ['an unknown method', 400, 'BAD_REQUEST', ['HACK / HTTP/1.1', 'Host: localhost', '', '']],
  ['another protocol', 400, 'BAD_REQUEST', ['SSH-2.0-OpenSSH_9.2', '', '']],
])(
  'rejects %s with a problem document and the headers of every response',
  async (_what, status, code, lines) => {
    const { body, ...answer } = await sendRaw(app, ...lines);
    expect(answer).toMatchObject({
      status,
      headers: {
        'cache-control': 'no-store',
        connection: 'close',
        'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'content-type': 'application/problem+json',
        'strict-transport-security': 'max-age=31536000; includesubdomains',
        'x-content-type-options': 'nosniff',
        'x-request-id': expect.any(String),
      },
    });
    expect(JSON.parse(body)).toMatchObject({
      status,
      code,
      type: expect.stringMatching(/^https:/),
    });
    expect(body).not.toMatch(/evil|localhost|xxx/);
  },
);
