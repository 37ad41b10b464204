import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();
const SECRET = 'hunter2-is-my-password';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';
const register = (input: unknown) => app.graphql(REGISTER, { input });

it('names every field that is missing, null, of a wrong type or unknown', async () => {
  const answer = await register({ email: 5, firstName: ['x'], passwort: SECRET });

  expect(answer.errors).toEqual([
    {
      message: 'The input is invalid',
      extensions: {
        code: 'BAD_USER_INPUT',
        fields: {
          email: ['Not a valid string.'],
          password: ['This field is required.'],
          firstName: ['Not a valid string.'],
          '': ['This object has an unknown field.'],
        },
      },
    },
  ]);
  expect((await register({ email: null, password: SECRET })).errors[0]?.extensions.fields).toEqual({
    email: ['This field may not be null.'],
  });
  expect((await register(undefined)).errors[0]?.extensions.fields).toEqual({
    '': ['This field is required.'],
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
])('rejects the address %j', async (email) => {
  const answer = await register({ email, password: 'wool-lantern-73' });
  expect(answer.errors[0]?.extensions).toEqual({
    code: 'BAD_USER_INPUT',
    fields: { email: ['Enter a valid email address.'] },
  });
});

it('reports that an address or new password is blank', async () => {
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
  ['a lone \ud800 half', 'invalid characters'],
  ['a \0 zero', 'invalid characters'],
  ['ADA-lovelace@example.com', 'the e-mail address'],
  ['ada-lovelace', 'the e-mail address'],
])('rejects the password %j: %s', async (password, problem) => {
  const answer = await register({ email: 'ada-lovelace@example.com', password });
  expect(answer.code).toBe('BAD_USER_INPUT');
  expect(answer.errors[0]?.extensions.fields).toEqual({
    password: [expect.stringContaining(problem)],
  });
});

it.each(['🔒'.repeat(8), 'x'.repeat(256), '        ', 'nur kleine wörter'])(
  'accepts the password %j',
  async (password) => {
    const ada = new Person(app);
    expect((await ada.register(password)).code).toBeUndefined();
    expect((await ada.login(password)).code).toBeUndefined();
  },
);

it('checks only the length of a password at login, not the policy', async () => {
  const ada = new Person(app);
  expect((await ada.login('short')).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.login('x'.repeat(257))).code).toBe('BAD_USER_INPUT');
});

it.each([
  ['12345', 'Enter the 6 digits of the code.'],
  ['12345a', 'Enter the 6 digits of the code.'],
  ['12 456', 'Enter the 6 digits of the code.'],
  ['1234567', 'Ensure this field has no more than 6 characters.'],
  [' ', 'This field may not be blank.'],
])('rejects the malformed code %j as input, and records nothing', async (otp, message) => {
  const ada = new Person(app);
  const answer = await ada.verifyOtp(otp);
  expect(answer.errors[0]?.extensions.fields).toEqual({ otp: [message] });
  expect(
    await app.sql('select 1 from outbox_entries where payload like ?', [`%${ada.email}%`]),
  ).toEqual([]);
});

it('checks authentication before the input', async () => {
  expect((await app.graphql('{ me { id } }')).code).toBe('UNAUTHENTICATED');
});
