import { expect, it } from 'vitest';
import { newAddress, useApp } from './support/app.ts';
import { production } from './support/production.ts';

const app = useApp(production);
const development = useApp();
const SECRET = 'hunter2-is-my-password';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';

it.each([
  ['malformed JSON', `{"query": "mutation { login }", "password": "${SECRET}`],
  ['a body that is no object', JSON.stringify([SECRET])],
  ['an unknown parameter', JSON.stringify({ query: '{ me { id } }', [SECRET]: 1 })],
  ['a query that is no text', JSON.stringify({ query: { [SECRET]: 1 } })],
  ['variables that are no object', JSON.stringify({ query: '{ me { id } }', variables: SECRET })],
  ['a document that does not parse', gql(`mutation { register(input: { password: "${SECRET}" `)],
  [
    'a mistyped literal',
    gql(
      `mutation { register(input: { email: ${SECRET.replaceAll('-', '_')}, password: "x" }) { detail } }`,
    ),
  ],
  ['a literal in an unknown field', gql(`{ me { ${SECRET.replaceAll('-', '_')} } }`)],
  ['a mistyped date', gql(`{ auditLogs(filter: { from: "${SECRET}" }) { totalCount } }`)],
  ['a mistyped variable', gql(REGISTER, { input: { email: 'a@b.co', password: { is: SECRET } } })],
  [
    'an unknown field in a variable',
    gql(REGISTER, { input: { email: 'a@b.co', passwrd: SECRET } }),
  ],
  ['an unknown operation name', JSON.stringify({ query: '{ me { id } }', operationName: SECRET })],
  ['a directive that nobody knows', gql(`{ me @${SECRET.replaceAll('-', '_')} { id } }`)],
])('does not repeat what was sent: %s', async (_what, body) => {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const headers = { 'content-type': 'application/json', accept };
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body });

    expect(answer.text).not.toMatch(/hunter2/);
    const codes = JSON.parse(answer.text).errors.map(
      (error: { extensions: { code: string } }) => error.extensions.code,
    );
    expect(codes[0]).toMatch(
      /^(BAD_REQUEST|BAD_USER_INPUT|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|OPERATION_RESOLUTION_FAILURE)$/,
    );
    expect(answer.status).toBeLessThan(500);
  }
  expect(app.logLines.join()).not.toMatch(/hunter2/);
});

function gql(query: string, variables?: unknown): string {
  return JSON.stringify({ query, variables });
}

it('accepts only JSON bodies of at most 100 kB', async () => {
  const body = 'query={me{id}}';
  for (const type of [
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain',
    'application/graphql',
  ]) {
    const answer = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
      415,
      'BAD_REQUEST',
    ]);
  }
  const large = await app.graphql(`{ me { id } } # ${'x'.repeat(100_000)}`);
  expect([large.status, large.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
});

it('names the required header if a client sends JSON with another media type', async () => {
  const body = gql('{ __typename }', { password: SECRET });
  for (const each of [app, development]) {
    for (const path of ['/graphql', '/api/v1/auth/login']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const { status, text } = await each.fetch(path, { method: 'POST', headers, body });
      expect([status, text]).toEqual([
        415,
        expect.stringContaining('Send JSON with the header Content-Type: application/json'),
      ]);
      expect(text).not.toContain(SECRET);
    }
  }
});

it('reports which part of a request is not JSON', async () => {
  const headers = { 'content-type': 'application/json' };
  for (const each of [app, development]) {
    const post = await each.fetch('/graphql', {
      method: 'POST',
      headers,
      body: `{"query": "${SECRET}`,
    });
    expect([post.status, messageOf(post)]).toEqual([400, 'The body must be JSON in UTF-8']);
    const get = await each.fetch(`/graphql?query={me{id}}&variables=[${SECRET}`);
    const message = 'The parameters variables and extensions must be JSON';
    expect([get.status, messageOf(get)]).toEqual([400, message]);
  }
});

const messageOf = ({ text }: { readonly text: string }): unknown =>
  JSON.parse(text).errors[0].message;

it('runs no mutation by GET', async () => {
  const email = newAddress();
  const query = `mutation { requestOtp(input: { email: "${email}" }) { detail } }`;
  const answer = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`);

  expect(answer.status).toBe(405);
  expect(
    await app.sql('select 1 from outbox_entries where payload like ?', [`%${email}%`]),
  ).toEqual([]);
});

it.each(['constructor', '__proto__', 'toString'])(
  'rejects the unknown variable %s',
  async (name) => {
    const query = `query ($${name}: Int!) { auditLogs(first: $${name}) { totalCount } }`;
    const { errors } = await app.graphql(query, {});
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  },
);

it.each(['variables', 'extensions'])('rejects malformed %s in a GET', async (parameter) => {
  const answer = await app.fetch(`/graphql?query={me{id}}&${parameter}=[${SECRET}`);
  expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
    400,
    'BAD_REQUEST',
  ]);
  expect(answer.text).not.toContain(SECRET);
});

it('rejects a deeply nested document, and keeps running', async () => {
  for (const query of ['{a'.repeat(20_000), `{me(x:${'['.repeat(20_000)}`]) {
    expect((await app.graphql(query)).code).toBe('PAYLOAD_TOO_LARGE');
  }
});

it.each(['localhost:99999', '[', 'a b', '%zz', 'x:y'])(
  'rejects the malformed host name %j without revealing anything',
  async (host) => {
    for (const path of ['/graphql', '/healthz', '/nowhere']) {
      const answer = await app.fetch(path, { headers: { host } });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'BAD_REQUEST']);
    }
  },
);

it('accepts the media type in upper and lower case', async () => {
  const headers = { 'content-type': 'APPLICATION/JSON; charset=utf-8' };
  const body = gql('{ __typename }');
  const answer = await app.fetch('/graphql', { method: 'POST', headers, body });
  expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
});

it.each(['/graphql', '/api/v1/auth/register'])(
  'rejects invalid UTF-8 at %s: lenient decoding would map different passwords to one',
  async (path) => {
    const body = Buffer.from(gql('{ __typename }', { password: 'quiet-harbour-\xff' }), 'latin1');
    const headers = { 'content-type': 'application/json' };
    const { status } = await app.fetch(path, { method: 'POST', headers, body });
    expect(status).toBe(400);
  },
);
