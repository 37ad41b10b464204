import { beforeAll, describe, expect, it } from 'vitest';
import { newAddress, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp();
let token: string;

beforeAll(async () => {
  token = (await new Person(app).signIn()).accessToken;
});

const fieldsOf = async (query: string, variables: object = {}) => {
  const { code, errors } = await app.graphql(query, variables, { token });
  expect(code).toBe('BAD_USER_INPUT');
  return errors[0]?.extensions.fields;
};

const invalid = { email: ['Enter a valid email address.'] };
const noString = { email: ['Not a valid string.'] };
const missing = { email: ['This field is required.'] };

describe('names a field of a mutation by its path inside the input', () => {
  it.each(['input', 'in', 'data', 'email'])('with the whole input in $%s', async (name) => {
    const query = `mutation ($${name}: RequestOtpInput!) { requestOtp(input: $${name}) { detail } }`;
    expect(await fieldsOf(query, { [name]: { email: 'nobody' } })).toEqual(invalid);
    expect(await fieldsOf(query, { [name]: { email: 5 } })).toEqual(noString);
    expect(await fieldsOf(query, { [name]: {} })).toEqual(missing);
    expect(await fieldsOf(query)).toEqual({ '': ['This field is required.'] });
    expect(await fieldsOf(query, { [name]: { email: newAddress(), x: 1 } })).toEqual({
      '': ['This object has an unknown field.'],
    });
  });

  it.each(['email', 'address', 'input'])('with the field in $%s', async (name) => {
    const query = `mutation ($${name}: String!) {
      requestOtp(input: { email: $${name} }) { detail }
    }`;
    expect(await fieldsOf(query, { [name]: 'nobody' })).toEqual(invalid);
    expect(await fieldsOf(query, { [name]: 5 })).toEqual(noString);
    expect(await fieldsOf(query)).toEqual(missing);
  });

  it('with inline literals', async () => {
    const query = 'mutation { requestOtp(input: { email: "nobody" }) { detail } }';
    expect(await fieldsOf(query)).toEqual(invalid);
  });

  it('in a fragment', async () => {
    const query = `mutation ($a: String!) { ...Ask }
      fragment Ask on Mutation { ...Deeper }
      fragment Deeper on Mutation { requestOtp(input: { email: $a }) { detail } }`;
    expect(await fieldsOf(query, { a: 5 })).toEqual(noString);
  });

  it('where one variable is used twice', async () => {
    const query = `mutation ($x: String!) {
      changePassword(input: { currentPassword: $x, newPassword: $x }) { detail }
    }`;
    expect(await fieldsOf(query, { x: 5 })).toEqual({
      currentPassword: ['Not a valid string.'],
      newPassword: ['Not a valid string.'],
    });
  });

  it('where a variable with a default is null', async () => {
    const query = `mutation ($a: String = "a@example.com") {
      requestOtp(input: { email: $a }) { detail }
    }`;
    expect(await fieldsOf(query, { a: null })).toEqual({ email: ['This field may not be null.'] });
  });

  it('in the operation that is asked for alone', async () => {
    const query = `mutation A($x: String!) { requestOtp(input: { email: $x }) { detail } }
      query B($x: String!) { auditLogs(after: $x) { totalCount } }`;
    const answer = await app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, operationName: 'A', variables: { x: 5 } }),
    });
    expect(JSON.parse(answer.text).errors[0].extensions.fields).toEqual(noString);
  });
});

describe('names an argument of a query, and a field in it', () => {
  it.each(['first', 'count', 'input'])('with the argument in $%s', async (name) => {
    const query = `query ($${name}: Int) { auditLogs(first: $${name}) { totalCount } }`;
    expect(await fieldsOf(query, { [name]: 'ten' })).toEqual({ first: ['Not a valid integer.'] });
    expect(await fieldsOf(query, { [name]: 101 })).toEqual({ first: ['Must be from 0 to 100.'] });
  });

  const wanted = [expect.stringMatching(/date \(2026-11-22\).* offset/)];
  const unknownEvent = ['Must be one of the allowed values.'];

  it.each(['filter', 'f'])('with the filter in $%s', async (name) => {
    const query = `query ($${name}: AuditLogFilter) {
      auditLogs(filter: $${name}) { totalCount }
    }`;
    expect(await fieldsOf(query, { [name]: { from: 'yesterday' } })).toEqual({
      'filter.from': wanted,
    });
    expect(await fieldsOf(query, { [name]: { events: ['LOGGED_OUT', 'NO_SUCH'] } })).toEqual({
      'filter.events.1': unknownEvent,
    });
    expect(await fieldsOf(query, { [name]: { email: '\0' } })).toEqual({
      'filter.email': ['This text contains a NUL character.'],
    });
  });

  it('with a field of the filter in a variable', async () => {
    const query = `query ($since: DateTime, $e: AuditEventName!) {
      auditLogs(filter: { from: $since, events: [LOGGED_OUT, $e] }) { totalCount }
    }`;
    expect(await fieldsOf(query, { since: 5, e: 'NO_SUCH' })).toEqual({
      'filter.from': wanted,
      'filter.events.1': unknownEvent,
    });
  });
});

it('requires the refresh token, although its type is nullable', async () => {
  const query = 'mutation ($i: RefreshTokensInput!) { refreshTokens(input: $i) { accessToken } }';
  expect(await fieldsOf(query, { i: {} })).toEqual({ refreshToken: ['This field is required.'] });
  expect(await fieldsOf(query, { i: { refreshToken: null } })).toEqual({
    refreshToken: ['This field may not be null.'],
  });
  const { body } = await rest(app, 'POST', '/auth/token/refresh', {});
  expect(body.errors).toEqual({ refresh: ['This field is required.'] });
});

it('keeps the names of REST in snake_case', async () => {
  const { body } = await rest(app, 'POST', '/auth/password-change', { new_password: 5 }, { token });
  expect(body.errors).toEqual({
    current_password: ['This field is required.'],
    new_password: ['Not a valid string.'],
  });
});
