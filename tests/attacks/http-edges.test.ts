import { expect, it } from 'vitest';
import { useApp } from '#tests/support/app.ts';
import { Person } from '#tests/support/flow.ts';
import { openConnection } from '#tests/support/raw-connection.ts';

const app = useApp({ PUBLIC_URL: 'https://auth.example.com' });

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are, and reads the last response up to the end of the connection. */
async function send(...lines: string[]): Promise<RawAnswer> {
  const connection = await openConnection(app.url);
  connection.write(...lines);
  await app.eventually(() => connection.isClosed);
  const [head = '', body = ''] = connection.received.split('\r\n\r\n');
  const [start = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => field.toLowerCase().split(': '));
  return { status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), body };
}

const QUERY = JSON.stringify({ query: '{ __typename }' });
const post = (...headers: string[]) => [
  'POST /graphql HTTP/1.1',
  'Content-Type: application/json',
  ...headers,
];
const withBody = (...headers: string[]) => [
  ...post('Host: localhost', ...headers),
  `Content-Length: ${QUERY.length}`,
  '',
  QUERY,
];
const chunked = (...headers: string[]) => [
  ...post('Host: localhost', ...headers),
  '',
  QUERY.length.toString(16),
  QUERY,
  '0',
  '',
  '',
];
const get = (target: string, ...headers: string[]) => [
  `GET ${target} HTTP/1.1`,
  ...headers,
  '',
  '',
];

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
  'refuses %s with a problem document and the headers of every response',
  async (_what, status, code, lines) => {
    const { body, ...answer } = await send(...lines);
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

it.each<[string, string[]]>([
  ['one chunked body', chunked('Transfer-Encoding: Chunked', 'Connection: close')],
  [
    'a body that says it is not compressed',
    withBody('Content-Encoding: identity', 'Connection: close'),
  ],
  [
    'an absolute target with the right host',
    get(`http://LOCALHOST/graphql?query={__typename}`, 'Host: localhost', 'Connection: close'),
  ],
])('reads %s', async (_what, lines) => {
  const { status, body } = await send(...lines);
  expect([status, body]).toEqual([200, expect.stringContaining('{"data":{"__typename":"Query"}}')]);
});

it('routes an absolute target like its path, and checks its host against ALLOWED_HOSTS', async () => {
  const { status, body } = await send(
    ...get('http://localhost/healthz?x=1', 'Host: localhost', 'Connection: close'),
  );
  expect([status, body]).toEqual([200, '{"status":"ok"}']);
});

it('answers the first request alone where a second one cannot be read', async () => {
  const { body } = await send(...get('/healthz', 'Host: localhost'), 'rubbish', '', '');
  expect(body).not.toContain('BAD_REQUEST');
});

it.each(['application/json', 'text/event-stream, application/json', '*/*'])(
  'lets no cache keep tokens: Accept: %s',
  async (accept) => {
    const ada = new Person(app);
    await ada.requestOtp();
    const query = 'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { accessToken } }';
    const input = { email: ada.email, otp: await ada.code() };
    const answer = await app.graphql(query, { input }, { headers: { accept }, from: ada.from });
    expect(answer.data).toMatchObject({ verifyOtp: { accessToken: expect.any(String) } });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-type']).toContain('application/json');
  },
);

it('sends no stream of events, which proxies keep and no-store does not reach', async () => {
  for (const accept of ['text/event-stream', 'multipart/mixed']) {
    const answer = await app.graphql('{ __typename }', {}, { headers: { accept } });
    expect([answer.status, answer.code]).toEqual([406, 'BAD_REQUEST']);
  }
});

it.each(['/graphql/', '/healthz/', '/readyz/', '/api/schema/', '/.well-known/jwks.json/'])(
  'ignores a slash at the end of a path: %s',
  async (path) => {
    const [plain, slashed] = await Promise.all(
      [path.slice(0, -1), path].map((each) => app.fetch(`${each}?query={__typename}`)),
    );
    expect([plain?.status, slashed?.status]).toEqual([200, 200]);
    expect(slashed?.text).toBe(plain?.text);
    expect(slashed?.headers.ratelimit === undefined).toBe(plain?.headers.ratelimit === undefined);
  },
);

it('treats an empty operationName as missing', async () => {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: 'query Kind { __typename }', operationName: '' });
  const posted = await app.fetch('/graphql', { method: 'POST', headers, body });
  const got = await app.fetch('/graphql?query={__typename}&operationName=');
  for (const { text } of [posted, got]) expect(text).toBe('{"data":{"__typename":"Query"}}');
});
