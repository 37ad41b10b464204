import { auditServer } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { production } from './support/production.ts';

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

describe('in development', () => {
  const app = useApp();

  it('passes the 61 audits of GraphQL over HTTP', async () => {
    const results = await auditServer({ url: `${app.url}/graphql` });
    expect(results.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(results).toHaveLength(61);
  });
});

/** Checks of scanners such as graphql-cop. */
describe('in production', () => {
  const app = useApp({ ...production, GRAPHQL_GET: 'false' });

  it.each<[string, string]>([
    ['introspection', 'query cop { __schema { types { name fields { name } } } }'],
    ['a type by its name', 'query cop { __type(name: "User") { name } }'],
    [
      'introspection in circles',
      `query cop { __schema { types { ${times(5, () => 'fields { type {')} name ${'} } '.repeat(5)} } } }`,
    ],
    ['101 aliases', `query cop { ${times(101, (i) => `alias${i}: __typename`)} }`],
    ['10 directives that nobody knows', `query cop { __typename ${'@aa'.repeat(10)} }`],
    ['a document that is none', 'qwerty cop { abc }'],
  ])('rejects %s', async (_what, query) => {
    const { status, text, data, errors } = await app.graphql(query);
    expect([status, data]).toEqual([200, undefined]);
    for (const { extensions } of errors) {
      expect(extensions).toEqual({ code: expect.stringMatching(/^GRAPHQL_(PARSE|VALIDATION)_/) });
    }
    // Ten errors for ten directives is what a scanner takes for "all of them were looked at".
    expect(errors.length).toBeLessThan(10);
    expect(text).not.toMatch(/stack|exception|tracing|node_modules/);
  });

  it.each<[string, string]>([
    ['a field', '{ mee { id } }'],
    ['a field of a type', '{ me { emial } }'],
    ['an argument', '{ auditLogs(frist: 1) { totalCount } }'],
    ['a field of an input', 'mutation { login(input: { emial: "x" }) { detail } }'],
    ['a type', '{ me { ... on Usr { id } } }'],
    ['a type of a variable', 'query ($i: LoginInpt) { me { id } }'],
    ['a directive', '{ me @includ(if: true) { id } }'],
    ['a fragment', '{ ...Accont } fragment Account on Query { me { id } }'],
  ])('suggests no other name for %s', async (_what, query) => {
    const { text, code } = await app.graphql(query);
    expect(code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(text).not.toMatch(/did you mean|"me"|email|first|User|LoginInput|include|Account/i);
  });

  it.each(['{__typename}', 'mutation{__typename}', undefined])(
    'runs nothing by GET: %s',
    async (query) => {
      for (const accept of ['application/json', 'application/graphql-response+json', 'text/html']) {
        const path = query ? `/graphql?query=${encodeURIComponent(query)}` : '/graphql';
        const answer = await app.fetch(path, { headers: { accept } });
        expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
        expect(JSON.parse(answer.text)).toEqual({
          errors: [{ message: 'Send the request by POST', extensions: { code: 'BAD_REQUEST' } }],
        });
      }
    },
  );

  it.each([
    ...['text/html', 'image/png, text/html;q=0.9', 'application/xml', 'nonsense', '*', ',', ';'],
    ...['text/event-stream', 'multipart/mixed', 'text/*', 'multipart/*'],
    ...[
      'application/jsonp',
      'application/json;charset=utf-16',
      'json',
      'text/plain;application/json',
    ],
  ])('runs no operation if the client accepts no response format: Accept: %s', async (accept) => {
    const ada = new Person(app);
    const query = `mutation { requestOtp(input: { email: "${ada.email}" }) { detail } }`;
    const answer = await app.graphql(query, {}, { headers: { accept }, from: ada.from });
    expect([answer.status, answer.code]).toEqual([406, 'BAD_REQUEST']);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.headers.ratelimit).not.toContain('codeRequests');
  });

  it.each([
    ...[
      '*/*',
      'application/*',
      'APPLICATION/JSON',
      'text/html, */*;q=0.1',
      'application/json; q=0.5',
    ],
    ...['application/json;charset=UTF-8', 'application/graphql-response+json', ''],
    ...['text/html, application/json', 'text/event-stream, application/json'],
    'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
  ])('responds in an accepted media type: Accept: %s', async (accept) => {
    const answer = await app.graphql('{ __typename }', {}, { headers: { accept } });
    expect([answer.status, answer.text]).toEqual([200, '{"data":{"__typename":"Query"}}']);
    expect(answer.headers['content-type']).toMatch(/^application\/(graphql-response\+)?json;/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'PATCH'])('rejects the method %s', async (method) => {
    const answer = await app.fetch('/graphql', { method });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect(JSON.parse(answer.text).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('rejects form data', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'query=query+cop+%7B__typename%7D';
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
      415,
      'BAD_REQUEST',
    ]);
  });

  it('returns data without extensions', async () => {
    const { text } = await app.graphql('query cop { __typename }');
    expect(text).toBe('{"data":{"__typename":"Query"}}');
  });
});

describe('queries by GET', () => {
  const app = useApp(production);
  const get = (query: string, more = '', headers = {}) =>
    app.fetch(`/graphql?query=${encodeURIComponent(query)}${more}`, { headers });

  it('are served in production, with variables and the token of the header', async () => {
    const ada = new Person(app);
    const { accessToken } = await ada.signIn();
    const query = 'query Me($id: Boolean!) { me { email id @include(if: $id) } }';
    const more = `&operationName=Me&variables=${encodeURIComponent('{"id":false}')}`;
    const answer = await get(query, more, { authorization: `Bearer ${accessToken}` });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { data: { me: { email: ada.email } } },
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('allow no other origin to read or change anything', async () => {
    const answer = await get('{ me { id } }', '', { origin: 'https://evil.test' });
    expect(answer.text).toContain('UNAUTHENTICATED');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    const mutation = await get('mutation { logout { detail } }');
    expect([mutation.status, mutation.headers.allow]).toEqual([405, 'POST']);
  });

  it('accept no token in the URL', async () => {
    const { accessToken } = await new Person(app).signIn();
    for (const name of ['access_token', 'authorization', 'token']) {
      const { text } = await get('{ me { id } }', `&${name}=${accessToken}`);
      expect(text).toMatch(/UNAUTHENTICATED|BAD_REQUEST/);
    }
  });

  it('work without GraphiQL, and GraphiQL works without them', async () => {
    const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } });
    expect(page.status).toBe(406);
    expect(page.headers['content-type']).toMatch(/^application\/json/);
  });
});
