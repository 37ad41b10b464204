import { expect, it } from 'vitest';
import { newAddress, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();
const SECRET = 'hunter2-is-my-password';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';
const register = (input: unknown) => app.graphql(REGISTER, { input });

it('names every field that is missing, null, of a wrong type or unknown', async () => {
  const answer = await register({ email: 5, firstName: ['x'], passwort: SECRET });

  expect(answer.errors).toEqual([
    {
      message: 'The input is not valid',
      extensions: {
        code: 'BAD_USER_INPUT',
        fields: {
          email: ['Not a valid string.'],
          password: ['This field is required.'],
          firstName: ['Not a valid string.'],
          input: ['There is an unknown field.'],
        },
      },
    },
  ]);
  expect((await register({ email: null, password: SECRET })).errors[0]?.extensions.fields).toEqual({
    email: ['This field may not be null.'],
  });
  expect((await register(undefined)).errors[0]?.extensions.fields).toEqual({
    input: ['This field is required.'],
  });
});

it.each([
  'plain',
  '@example.com',
  'a@',
  'a@b',
  'a@@b.co',
  'a b@c.co',
  'a@b..co',
  '.a@b.co',
  'a.@b.co',
  'a@-b.co',
  'a@b-.co',
  'a@b.c',
  '"a b"@c.co',
  'a@[127.0.0.1]',
  'a@b.co,c@d.co',
  'a@b.co\r\nBcc: c@d.co',
  'ä@b.co',
  'a@bücher.de',
  '\u212a@b.co',
  'a\u0000@b.co',
  `${'a'.repeat(65)}@b.co`,
  `a@${'b.'.repeat(130)}co`,
])('refuses the address %j', async (email) => {
  const answer = await register({ email, password: 'wool-lantern-73' });
  expect(answer.errors[0]?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    fields: { email: ['Enter a valid email address.'] },
  });
});

it('says of a blank address or new password that it is blank', async () => {
  const fields = async (answer: Promise<{ errors: { extensions: Record<string, unknown> }[] }>) =>
    (await answer).errors[0]?.extensions.fields;
  const blank = ['This field may not be blank.'];

  expect(await fields(register({ email: ' ', password: '' }))).toEqual({
    email: blank,
    password: blank,
  });
});

it.each([
  "o'brien+tag@example.com",
  'A.B-c_d@Sub.Example.COM',
  'a@xn--bcher-kva.example',
  'a@b.xn--p1ai',
  '1@2.co',
])('takes the address %j', async (email) => {
  expect((await register({ email, password: 'wool-lantern-73' })).code).toBeUndefined();
});

it.each([
  ['seven c', 'too short'],
  ['🔒'.repeat(7), 'too short'],
  ['x'.repeat(257), 'too long'],
  ['€'.repeat(342), 'too long'],
  ['password1', 'too common'],
  ['PASSWORD1', 'too common'],
  ['gatehouse', 'too common'],
  ['123456789012345', 'too common'],
  ['zyxwvutsrq', 'too common'],
  ['0987654321098', 'too common'],
  ['a lone \ud800 half', 'not valid'],
  ['a \0 zero', 'not valid'],
  ['ADA-lovelace@example.com', 'the e-mail address'],
  ['ada-lovelace', 'the e-mail address'],
])('refuses the password %j: %s', async (password, problem) => {
  const answer = await register({ email: 'ada-lovelace@example.com', password });
  expect(answer.code).toBe('BAD_USER_INPUT');
  expect(answer.errors[0]?.extensions.fields).toEqual({
    password: [expect.stringContaining(problem)],
  });
});

it.each(['🔒'.repeat(8), 'x'.repeat(256), '        ', 'nur kleine wörter'])(
  'takes the password %j',
  async (password) => {
    const ada = new Person(app);
    expect((await ada.register(password)).code).toBeUndefined();
    expect((await ada.login(password)).code).toBeUndefined();
  },
);

it('checks the bounds of a password at login, and no policy', async () => {
  const ada = new Person(app);
  expect((await ada.login('short')).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.login('x'.repeat(257))).code).toBe('BAD_USER_INPUT');
});

it.each([
  ['12345', 'Enter the 6 digits of the code.'],
  ['12345a', 'Enter the 6 digits of the code.'],
  ['１２３４５６', 'Enter the 6 digits of the code.'],
  ['12 456', 'Enter the 6 digits of the code.'],
  ['1234567', 'Ensure this field has no more than 6 characters.'],
  [' ', 'This field may not be blank.'],
])('refuses the malformed code %j as input, and records nothing', async (otp, message) => {
  const ada = new Person(app);
  const answer = await ada.verifyOtp(otp);
  expect(answer.errors[0]?.extensions.fields).toEqual({ otp: [message] });
  expect(
    await app.sql('select 1 from outbox_entries where payload like ?', [`%${ada.email}%`]),
  ).toEqual([]);
});

it('asks who is signed in before it looks at the input', async () => {
  expect((await app.graphql('{ me { id } }')).code).toBe('UNAUTHENTICATED');
});

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

it('takes JSON bodies only, and not more than 100 kB of them', async () => {
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

it('runs no mutation by GET', async () => {
  const email = newAddress();
  const query = `mutation { requestOtp(input: { email: "${email}" }) { detail } }`;
  const answer = await app.fetch(`/graphql?query=${encodeURIComponent(query)}`);

  expect(answer.status).toBe(405);
  expect(
    await app.sql('select 1 from outbox_entries where payload like ?', [`%${email}%`]),
  ).toEqual([]);
});

it.each(['constructor', '__proto__', 'toString'])('knows no variable called %s', async (name) => {
  const query = `query ($${name}: Int!) { auditLogs(first: $${name}) { totalCount } }`;
  const { errors } = await app.graphql(query, {});
  expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

it.each(['variables', 'extensions'])('refuses malformed %s in a GET', async (parameter) => {
  const answer = await app.fetch(`/graphql?query={me{id}}&${parameter}=[${SECRET}`);
  expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([
    400,
    'BAD_REQUEST',
  ]);
  expect(answer.text).not.toContain(SECRET);
});

it('refuses a document that is nested without end, and lives on', async () => {
  for (const query of ['{a'.repeat(20_000), `{me(x:${'['.repeat(20_000)}`]) {
    expect((await app.graphql(query)).code).toBe('PAYLOAD_TOO_LARGE');
  }
});

it.each(['localhost:99999', '[', 'a b', '%zz', 'x:y'])(
  'refuses the malformed host name %j, and says nothing of itself',
  async (host) => {
    for (const path of ['/graphql', '/healthz', '/nowhere']) {
      const answer = await app.fetch(path, { headers: { host } });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'BAD_REQUEST']);
    }
  },
);

it('takes the media type in any case', async () => {
  const headers = { 'content-type': 'APPLICATION/JSON; charset=utf-8' };
  const body = gql('{ __typename }');
  const answer = await app.fetch('/graphql', { method: 'POST', headers, body });
  expect(JSON.parse(answer.text)).toEqual({ data: { __typename: 'Query' } });
});
