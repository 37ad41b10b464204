import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { production } from './support/production.ts';

describe.each([
  ['development', {}],
  ['production', production],
])('a request that cannot be served, in %s,', (_environment, variables) => {
  const app = useApp(variables);
  const hash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const post = async (body: unknown, accept = 'application/json') => {
    const headers = { 'content-type': 'application/json', accept };
    const answer = await app.fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...JSON.parse(answer.text) };
  };

  it('asks a client that sends document hashes to send the documents', async () => {
    const errors = [
      {
        message: 'PersistedQueryNotSupported',
        extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
      },
    ];
    expect(await post({ extensions: hash })).toEqual({ status: 200, errors });
    expect(await post({ operationName: 'Me', variables: {}, extensions: hash })).toEqual({
      status: 200,
      errors,
    });
    const specified = 'application/graphql-response+json';
    expect(await post({ extensions: hash }, specified)).toEqual({ status: 400, errors });
    const got = await app.fetch(`/graphql?extensions=${encodeURIComponent(JSON.stringify(hash))}`);
    expect(JSON.parse(got.text)).toEqual({ errors });
    // With the document, the hash makes no difference.
    expect(await post({ query: '{ __typename }', extensions: hash })).toMatchObject({
      status: 200,
      data: {},
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['a batch', [{ query: '{ __typename }' }], /Batches are not supported/],
    ['an empty batch', [], /Batches are not supported/],
    [
      'an unknown member',
      { query: '{ __typename }', doc_id: '1' },
      /Unknown member.*query, variables/,
    ],
    ['no document', {}, /query is required/],
    ['a document that is not a string', { query: 5 }, /query is required and must be a string/],
    [
      'variables that are not an object',
      { query: '{ __typename }', variables: [] },
      /variables must be a JSON object/,
    ],
    ['a body that is not an object', 'text', /must be a JSON object/],
  ])('says that it is %s', async (_what, body, message) => {
    const { status, errors } = await post(body);
    expect([status, errors]).toEqual([
      400,
      [{ message: expect.stringMatching(message), extensions: { code: 'BAD_REQUEST' } }],
    ]);
  });
});

describe('an invalid document', () => {
  const development = useApp();
  const hidden = useApp(production);

  it.each<[string, string, string]>([
    [
      'an unknown field',
      '{ me { emial } }',
      'Cannot query field "emial" on type "User". Did you mean "email"?',
    ],
    ['an unknown argument', '{ auditLogs(frist: 1) { totalCount } }', 'Unknown argument "frist"'],
    [
      'a field that is missing',
      'mutation { login(input: { email: "hunter2" }) { detail } }',
      'to include required field "password"',
    ],
    [
      'a variable of another type',
      'mutation ($e: Int!) { requestOtp(input: { email: $e }) { detail } }',
      'Variable "$e" of type "Int!"',
    ],
    [
      'a value of another type',
      '{ auditLogs(first: "hunter2") { totalCount } }',
      'Int cannot represent non-integer value',
    ],
    [
      'an unquoted string',
      'mutation { requestOtp(input: { email: hunter2 }) { detail } }',
      'String cannot represent a non string value',
    ],
    [
      'an object instead of a string',
      'mutation { requestOtp(input: { email: { a: "hunter2" } }) { detail } }',
      'String cannot represent',
    ],
    [
      'a string in a wrong place',
      'mutation { requestOtp(input: { email: "a" "hunter2" }) { detail } }',
      'Syntax Error: Expected Name, found String',
    ],
    [
      'an unterminated string',
      'mutation { requestOtp(input: { email: "hunter2',
      'Syntax Error: Unterminated string',
    ],
    [
      'a word in a wrong place',
      'mutation hunter2 hunter2',
      'Syntax Error: Expected "{", found Name',
    ],
  ])('is named in development, and its values are not: %s', async (_what, query, message) => {
    const [told, untold] = [await development.graphql(query), await hidden.graphql(query)];
    expect(told.errors[0]?.message).toContain(message);
    expect(told.errors[0]).toHaveProperty('locations');
    expect(untold.code).toBe(told.code);
    expect(untold.text).not.toMatch(/emial|frist|password|\$e|Did you mean/);
    expect(told.text + untold.text).not.toContain('hunter2');
  });
});
