import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { newAddress, newClient } from '#tests/support/app.ts';
import type { RequestOptions } from '#tests/support/request.ts';
import type { Secrets } from './secrets.ts';
import type { WatchedApp } from './watched-app.ts';

const json = { 'content-type': 'application/json' };
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { detail } }';
const gql = (query: unknown, more: object = {}) => JSON.stringify({ query, ...more });
const login = (input: unknown) => gql(LOGIN, { variables: { input } });

/** Bodies that are no good request, around a password. */
const graphqlBodies = (secrets: Secrets): string[] => {
  const [secret, word, email] = [secrets.password(), secrets.word(), newAddress()];
  const literal = JSON.stringify(secret);
  return [
    `{"query": "mutation { login }", "password": ${literal.slice(0, -1)}`,
    `${login({ email, password: secret })}]`,
    JSON.stringify([secret]),
    literal,
    JSON.stringify({ query: '{ me { id } }', [secret]: secret }),
    gql({ [secret]: 1 }),
    gql(LOGIN, { variables: secret }),
    gql(LOGIN, { variables: { [secret]: 1 } }),
    gql('{ me { id } }', { operationName: secret }),
    gql('{ me { id } }', { extensions: secret }),
    ...[{ is: secret }, [secret], 5].map((password) => login({ email, password })),
    ...[{ password: secret }, { email: [secret] }, { email, [word]: secret }, secret].map(login),
    gql(`mutation { login(input: { email: "${email}", password: ${literal} }) { detail } }`),
    gql(`mutation { login(input: { email: "${email}", password: ${word} }) { detail } }`),
    gql(`mutation { login(input: { email: ${word}, password: "x" }) { detail } }`),
    gql(`mutation { login(input: { password: ${literal} `),
    gql(`mutation { login(input: { password: ${literal}, ${word}: 1 }) { ${word} } }`),
    gql(`{ me @${word} { id } } # ${word}`),
    gql(`query ($a: ${word}) { ${word} }`),
    gql(`{ auditLogs(after: ${literal}) { totalCount } }`),
    gql(`{ auditLogs(filter: { from: ${literal} }) { totalCount } }`),
    gql(`{ me { id } } # ${literal}`.padEnd(100_000, 'x')),
  ];
};

const restBodies = (secrets: Secrets): string[] => {
  const [secret, email] = [secrets.password(), newAddress()];
  const literal = JSON.stringify(secret);
  return [
    `{"email": "${email}", "password": ${literal}`,
    `{"email": "${email}", "password": ${literal.slice(1, -1)}}`,
    literal,
    JSON.stringify([{ email, password: secret }]),
    ...[{ is: secret }, [secret]].map((password) => JSON.stringify({ email, password })),
    JSON.stringify({ email: secret, password: { [secret]: secret }, otp: secret }),
    JSON.stringify({ email, otp: secret, password: secret, refresh: secret, [secret]: secret }),
    JSON.stringify({ email: [secret], refresh: [secret], current_password: secret }),
    literal.padEnd(100_001),
  ];
};

const paths = [
  '/login',
  '/register',
  '/otp/verify',
  '/password-reset',
  '/token/refresh',
  '/logout',
];

/** Media types that neither transport accepts. */
const types = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', ''];

/** In the place of an address, a header or a page, a password or a token. */
function elsewhere(secrets: Secrets, token: string): [path: string, options: RequestOptions][] {
  const [secret, word] = [secrets.password(), secrets.word()];
  const query = new URLSearchParams({ password: secret, otp: word, access_token: token });
  const basic = `Basic ${Buffer.from(`ada@example.com:${secret}`).toString('base64')}`;
  const form = { 'content-type': types[0] ?? '' };
  const places = ['/auth/login', '/auth/me', '/audit/logs', '/nowhere', `/${token}`, `/${word}`];
  return [
    ...places.map((path): [string, object] => [`/api/v1${path}?${query}`, {}]),
    ...places.map((path): [string, object] => [`${path}?${query}`, {}]),
    [`/api/v1/auth/login?${query}`, { method: 'POST', headers: form, body: `${query}` }],
    [`/api/v1/auth/sessions/${encodeURIComponent(secret)}`, { method: 'DELETE' }],
    [`/api/v1/auth/sessions/${token}`, { method: 'DELETE' }],
    [`/api/v1/auth/sessions/%ff${word}`, { method: 'DELETE' }],
    [`/api/v1/audit/logs?page=${word}&from_date=${word}`, { headers: bearer(token) }],
    [`/graphql?query=${encodeURIComponent(LOGIN)}&${query}`, {}],
    [`/graphql?query={me{id}}&variables=[${word}&extensions=[${word}`, {}],
    [`/graphql?query={${word}}&operationName=${word}`, {}],
    [`/graphql?${query}`, { method: 'PUT' }],
    ...[bearer(word), bearer(`${token}x`), bearer(`${token} ${word}`)].map(asking),
    ...[{ authorization: basic }, { authorization: word }, { cookie: `token=${token}` }].map(
      asking,
    ),
    ...[{ referer: `https://${word}.example/` }, { origin: `https://${word}.example` }].map(asking),
    ...[{ 'x-request-id': word }, { traceparent: word }, { 'x-api-key': word }].map(asking),
    ...[{ host: `${word}:${word}` }, { 'x-forwarded-for': word }].map(asking),
    ...[{ 'content-type': `application/${word}` }, { accept: word }].map(asking),
  ];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asking = (headers: Record<string, string>): [string, RequestOptions] => [
  '/graphql',
  { method: 'POST', headers: { ...json, ...headers }, body: gql('{ me { id } }') },
];

/** Every request that carries a secret where none belongs, or in a form that nobody can read. */
export async function misplace(app: WatchedApp, secrets: Secrets, token: string): Promise<void> {
  const send = (path: string, options: RequestOptions) =>
    app.fetch(path, { from: newClient(), ...options });
  const post = (path: string, body: string, headers: Record<string, string> = json) =>
    send(path, { method: 'POST', headers, body });

  for (const body of graphqlBodies(secrets)) {
    await post('/graphql', body);
    await post('/graphql', body, { ...json, accept: 'application/graphql-response+json' });
  }
  for (const path of paths) {
    for (const body of restBodies(secrets)) await post(`/api/v1/auth${path}`, body);
  }
  for (const type of types) {
    const body = new URLSearchParams({ password: secrets.password(), otp: secrets.word() });
    await post('/graphql', `${body}`, { 'content-type': type });
    await post('/api/v1/auth/login', `${body}`, { 'content-type': type });
  }
  for (const [path, options] of elsewhere(secrets, token)) await send(path, options);
  for (const bytes of brokenRequests(secrets)) await sendBytes(app, bytes);
}

/** Requests that are no HTTP, or that end in their middle. */
function brokenRequests(secrets: Secrets): string[] {
  const [secret, word] = [secrets.password(), secrets.word()];
  const post = (path: string) => `POST ${path} HTTP/1.1\r\nhost: localhost\r\n`;
  const body = JSON.stringify({ email: newAddress(), password: secret });
  const cut = `content-type: application/json\r\ncontent-length: 999\r\n\r\n${body}`;
  return [
    ...['/graphql', '/api/v1/auth/login'].map((path) => post(path) + cut),
    `${post('/graphql')}transfer-encoding: chunked\r\n\r\n${word}\r\n`,
    `${post('/graphql')}${word}\0: ${word}\r\n\r\n`,
    `${post('/graphql')}x: ${word.padEnd(20_000, 'x')}\r\n\r\n`,
    `POST /${word} ${word}\r\n\r\n`,
    `${word} / HTTP/1.1\r\n\r\n`,
    `POST http://${word}:99999/graphql HTTP/1.1\r\nhost: ${word}\r\n\r\n`,
  ];
}

async function sendBytes(app: WatchedApp, bytes: string): Promise<void> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end(bytes);
  const answer = await text(socket).catch(() => '');
  app.note(bytes, { status: 0, headers: {}, text: answer });
}
