import { expect, it } from 'vitest';
import { useApp } from '#tests/support/app.ts';
import { Person } from '#tests/support/flow.ts';
import { chunked, get, sendRaw, withBody } from '#tests/support/raw-request.ts';

const app = useApp({ PUBLIC_URL: 'https://auth.example.com' });

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
  const { status, body } = await sendRaw(app, ...lines);
  expect([status, body]).toEqual([200, expect.stringContaining('{"data":{"__typename":"Query"}}')]);
});

it('routes an absolute target like its path, and checks its host against ALLOWED_HOSTS', async () => {
  const { status, body } = await sendRaw(
    app,
    ...get('http://localhost/healthz?x=1', 'Host: localhost', 'Connection: close'),
  );
  expect([status, body]).toEqual([200, '{"status":"ok"}']);
});

it('responds to the first request only if the second one is malformed', async () => {
  const { body } = await sendRaw(app, ...get('/healthz', 'Host: localhost'), 'rubbish', '', '');
  expect(body).not.toContain('BAD_REQUEST');
});

it.each(['application/json', 'text/event-stream, application/json', '*/*'])(
  'forbids caches to store tokens: Accept: %s',
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

it('sends no event streams, because proxies may cache them despite no-store', async () => {
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
