import { randomUUID } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { rateLimitOf } from '#src/graphql/rate-limit-plugin.ts';
import { schema } from '#src/graphql/schema.ts';
import { useApp } from './support/app.ts';
import { rest } from './support/rest.ts';

const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (levels: number) => '{ a '.repeat(levels) + '}'.repeat(levels);
const page = 'auditLogs { edges { cursor node { id event email metadata createdAt } } }';
const doubling = (levels: number) =>
  `{ ...F0 } ${times(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} ` +
  `fragment F${levels} on Query { me { id } }`;

const app = useApp();

describe('a document', () => {
  it.each<[string, string, string]>([
    ['8 levels of fields', nested(8), nested(9)],
    [
      '15 aliases',
      `{ ${times(15, (i) => `a${i}: __typename`)} }`,
      `{ ${times(16, (i) => `a${i}: __typename`)} }`,
    ],
    [
      '15 aliases',
      `{ me { ...F } } fragment F on User { ${times(15, (i) => `a${i}: id`)} }`,
      `{ me { ...F ...F } } fragment F on User { ${times(8, (i) => `a${i}: id`)} }`,
    ],
    [
      '10 directives',
      `query @a { me @b { ... @c { id } } ${times(7, () => '__typename @d')} }`,
      `query ($v: Int @a) { ...F @b ...F @c } fragment F on Query @d { ${times(4, () => '__typename @e')} }`,
    ],
    [
      '5000 fields in the response',
      `{ ${times(7, (i) => `a${i}: ${page}`)} }`,
      `{ ${times(8, (i) => `a${i}: ${page}`)} }`,
    ],
    ['5000 fields in the response', doubling(10), doubling(60)],
    [
      '1 sensitive mutation (one that compares a secret or sends a mail)',
      'mutation { a: login b: logout c: updateProfile __typename }',
      'mutation { ...F ... { b: login } } fragment F on Mutation { a: login }',
    ],
  ])('has at most %s in an operation', async (bound, within, beyond) => {
    const text = `The operation is too complex: at most ${bound} allowed. Split it into several requests`;
    expect((await app.graphql(within)).errors[0]?.message).not.toBe(text);
    expect((await app.graphql(beyond)).errors).toEqual([
      { message: text, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  it('accepts one mutation with a rate limit per operation', async () => {
    const limited = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(
      (field) => rateLimitOf(field) !== 'none',
    );
    const names = limited.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) {
      const { errors } = await app.graphql(`mutation { a: ${name} b: ${name} }`);
      expect(errors[0]?.message).toContain('at most 1 sensitive mutation');
    }
  });

  it.each([
    [
      '15000 characters',
      `{ __typename }${' '.repeat(14_986)}`,
      `{ __typename }${' '.repeat(14_987)}`,
    ],
    ['1000 tokens', `${nested(333)}#`, nested(334)],
  ])('has at most %s', async (bound, within, beyond) => {
    expect((await app.graphql(within)).code).not.toBe('PAYLOAD_TOO_LARGE');
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await app.graphql(beyond, {}, { headers: { accept } });
      expect([answer.status, answer.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
      const [max, unit] = bound.split(' ');
      expect(answer.errors[0]?.message).toBe(
        `The document has too many ${unit}: at most ${max} allowed`,
      );
    }
  });

  it('is rejected in the requested media type if it exceeds a limit', async () => {
    for (const [accept, status] of [
      ['application/json', 200],
      ['application/graphql-response+json', 400],
    ] as const) {
      const answer = await app.graphql(nested(9), {}, { headers: { accept } });
      expect(answer.headers['content-type']).toContain(accept);
      expect([answer.status, answer.code, answer.data]).toEqual([
        status,
        'GRAPHQL_VALIDATION_FAILED',
        undefined,
      ]);
    }
  });

  it('is validated up to the fifth error', async () => {
    const { errors } = await app.graphql(`{ ${times(100, (i) => `f${i}`)} }`);
    expect(errors).toHaveLength(6);
    expect(errors[5]?.message).toMatch(/Validation aborted/);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['GRAPHQL_VALIDATION_FAILED']),
    );
  });

  it.each<[string, string]>([
    ['wide', `{ ${times(20_000, (i) => `a${i}: __typename`)} }`],
    ['of as many fields as a body holds', `{ ${times(9000, () => '__typename')} }`],
    ['of 60,000 fields', `{ ${times(60_000, () => '__typename')} }`],
    ['of 3000 directives', `{ __typename ${times(3000, () => '@include(if: true)')} }`],
    ['nested', '{a'.repeat(20_000)],
    ['nested in a value', `{ me(x: ${'['.repeat(7000)}`],
    ['of fragments that double', doubling(95)],
    [
      'of fragments that call all others',
      `{ ...F0 } ${times(19, (i) => `fragment F${i} on Query { ${times(19, (k) => `...F${k}`)} }`)}`,
    ],
    ['of inline fragments', `{ ${'... { '.repeat(330)} me { idd } ${'} '.repeat(330)} }`],
    ['of equal objects', `{ ${times(249, () => 'me { idd }')} }`],
    ['of equal pages', `{ ${times(90, () => 'auditLogs { edges { node { idd } } }')} }`],
    ['of variables', `query (${times(240, (i) => `$v${i}: Int`)}) { me { id } }`],
  ])('that is %s is rejected immediately, and the server keeps running', async (_what, query) => {
    const start = process.cpuUsage();
    const [answer, health] = await Promise.all([app.graphql(query), app.fetch('/healthz')]);
    const { user, system } = process.cpuUsage(start);

    expect(answer.code).toMatch(/^(PAYLOAD_TOO_LARGE|GRAPHQL_(PARSE|VALIDATION)_FAILED)$/);
    expect(health.status).toBe(200);
    expect((user + system) / 1000).toBeLessThan(300);
  });
});

describe('a request', () => {
  it('contains one operation, and no batch', async () => {
    const headers = { 'content-type': 'application/json' };
    const one = { query: '{ __typename }' };
    for (const body of [[], [one], Array.from({ length: 10 }, () => one)]) {
      const answer = await app.fetch('/graphql', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
        400,
        'BAD_REQUEST',
      ]);
    }
  });

  it('has at most 100 kB, also without a Content-Length', async () => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const body = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(100_000) } });
    const answer = await app.fetch('/graphql', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('has at most 100 values in its variables', async () => {
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { detail } }';
    const input = (size: number) => ({ input: Object.fromEntries(Array(size).fill(1).entries()) });
    expect((await app.graphql(login, input(99))).code).toBe('BAD_USER_INPUT');
    for (const variables of [input(100), input(9000), { input: [Array(100).fill({})] }]) {
      const start = process.cpuUsage();
      const answer = await app.graphql(login, variables);
      const { user, system } = process.cpuUsage(start);
      expect([answer.status, answer.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
      expect(answer.errors[0]?.message).toBe(
        'The variables have too many values: at most 100 allowed',
      );
      expect((user + system) / 1000).toBeLessThan(300);
    }
  });

  it.each([
    ['by Yoga', () => app.graphql(`{ me { id } } # ${randomUUID()}`, {}, { token: 'any' })],
    ['directly', () => app.graphql('{ me { id } }', {}, { token: 'any' })],
    ['by REST', () => rest(app, 'GET', '/auth/me', undefined, { token: 'any' })],
  ])('times out after 10 s, handled %s', async (_way, send) => {
    await send();
    const read = vi.spyOn(app.runtime.tokens, 'readAccess').mockReturnValue(new Promise(() => {}));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const answer = send();
      await vi.waitUntil(() => read.mock.calls.length > 0);
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await answer).text).toContain('"UNAVAILABLE"');
    } finally {
      vi.useRealTimers();
      read.mockRestore();
    }
  });
});

it('serves the introspection query of GraphiQL', async () => {
  const options = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  const { data, errors } = await app.graphql(getIntrospectionQuery(options));
  expect(errors).toEqual([]);
  expect(data).toHaveProperty('__schema.queryType.name', 'Query');
});
