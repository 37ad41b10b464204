import { createHash } from 'node:crypto';
import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { ClientError, GraphQLClient } from 'graphql-request';
import {
  Environment,
  type FetchFunction,
  Network,
  Observable,
  RecordSource,
  Store,
} from 'relay-runtime';
import { describe, expect, it } from 'vitest';
import { codeOf, newAddress, PASSWORD, serviceUrl } from './service.ts';

const url = `${serviceUrl}/graphql`;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Answers {
  readonly register: { readonly detail: string; readonly challengeId?: string };
  readonly login: { readonly challengeId: string };
  readonly requestOtp: { readonly challengeId: string };
  readonly verifyOtp: Tokens;
  readonly refreshTokens: Tokens;
  readonly me: { readonly email: string };
  readonly sessions: readonly { readonly id: string; readonly current: boolean }[];
  readonly revokeOtherSessions: { readonly ids: readonly string[] };
  readonly logout: { readonly detail: string };
}

/** The documents of a sign-in, by their root field. */
const documents: Record<keyof Answers, string> = {
  register: 'mutation Register($input: RegisterInput!) { register(input: $input) { detail } }',
  login: 'mutation Login($input: LoginInput!) { login(input: $input) { challengeId } }',
  requestOtp:
    'mutation Ask($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId } }',
  verifyOtp: `mutation Verify($input: VerifyOtpInput!) {
    verifyOtp(input: $input) { accessToken refreshToken }
  }`,
  refreshTokens: `mutation Refresh($input: RefreshTokensInput!) {
    refreshTokens(input: $input) { accessToken refreshToken }
  }`,
  me: 'query Me { me { email } }',
  sessions: 'query Sessions { sessions { id current } }',
  revokeOtherSessions: 'mutation RevokeOthers { revokeOtherSessions { ids } }',
  logout: 'mutation Logout($input: LogoutInput) { logout(input: $input) { detail } }',
};

/** A refusal, in the form that each library gives it. */
interface Refusal {
  readonly code: unknown;
  readonly fields?: unknown;
}

/** One client library: sends an operation and returns its root field, or a refusal. */
type Send = <Field extends keyof Answers>(
  field: Field,
  variables?: object,
  token?: string,
) => Promise<{ readonly data?: Answers[Field]; readonly refusal?: Refusal }>;

const isQuery = (field: keyof Answers) => documents[field].startsWith('query');
const bearer = (token?: string) => (token ? { authorization: `Bearer ${token}` } : {});

const apollo =
  (link: ApolloLink): Send =>
  async (field, variables = {}, token) => {
    const client = new ApolloClient({ link, cache: new InMemoryCache() });
    const context = { headers: bearer(token) };
    const document = gql(documents[field]);
    try {
      const { data } = isQuery(field)
        ? await client.query({ query: document, variables, context })
        : await client.mutate({ mutation: document, variables, context });
      return { data: (data as Answers)[field] };
    } catch (error) {
      if (!CombinedGraphQLErrors.is(error)) throw error;
      return { refusal: error.errors[0]?.extensions as unknown as Refusal };
    }
  };

const urql =
  (client: Client): Send =>
  async (field, variables = {}, token) => {
    const context = {
      fetchOptions: { headers: bearer(token) },
      requestPolicy: 'network-only',
    } as const;
    const { data, error } = isQuery(field)
      ? await client.query(documents[field], variables, context)
      : await client.mutation(documents[field], variables, context);
    if (error?.networkError) throw error;
    const [refusal] = error?.graphQLErrors ?? [];
    return refusal
      ? { refusal: refusal.extensions as unknown as Refusal }
      : { data: data?.[field] };
  };

const graphqlRequest: Send = async (field, variables = {}, token) => {
  try {
    const data = await new GraphQLClient(url).request<Answers>(
      documents[field],
      variables,
      bearer(token),
    );
    return { data: data[field] };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { refusal: error.response.errors?.[0]?.extensions as unknown as Refusal };
  }
};

/** Relay leaves the request itself to a function like this one, as its guide shows it. */
const relay: Send = async (field, variables = {}, token) => {
  const fetchGraphql: FetchFunction = async ({ text }, values) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...bearer(token),
      },
      body: JSON.stringify({ query: text, variables: values }),
    });
    return response.json();
  };
  const network = Network.create(fetchGraphql);
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const parameters = {
    id: null,
    cacheID: field,
    name: field,
    operationKind: isQuery(field) ? 'query' : 'mutation',
    text: documents[field],
    metadata: {},
  } as const;
  const answer = await new Promise<RelayAnswer>((resolve, reject) => {
    const observable = environment.getNetwork().execute(parameters, variables, {});
    Observable.from(observable as never).subscribe({
      next: (value) => resolve(value as RelayAnswer),
      error: reject,
    });
  });
  const [error] = answer.errors ?? [];
  return error ? { refusal: error.extensions } : { data: answer.data?.[field] as never };
};

interface RelayAnswer {
  readonly data?: Partial<Answers> | null;
  readonly errors?: readonly { readonly extensions: Refusal }[];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = () => new PersistedQueryLink({ sha256 });

const libraries: [string, Send][] = [
  ['Apollo Client', apollo(new HttpLink({ uri: url }))],
  ['Apollo Client with queries by GET', apollo(new HttpLink({ uri: url, useGETForQueries: true }))],
  [
    'Apollo Client with persisted queries',
    apollo(ApolloLink.from([persisted(), new HttpLink({ uri: url })])),
  ],
  ['urql', urql(new Client({ url, exchanges: [fetchExchange], preferGetMethod: false }))],
  ['urql with its usual queries by GET', urql(new Client({ url, exchanges: [fetchExchange] }))],
  [
    'urql with persisted queries',
    urql(
      new Client({
        url,
        preferGetMethod: false,
        exchanges: [
          persistedExchange({
            preferGetForPersistedQueries: false,
            enableForMutation: true,
            generateHash: async (query) => sha256(query),
          }),
          fetchExchange,
        ],
      }),
    ),
  ],
  ['graphql-request', graphqlRequest],
  ["Relay's network layer", relay],
];

describe.each(libraries)('%s, in production mode', (_name, send) => {
  it('registers, signs in, renews its tokens and signs out', async () => {
    const email = newAddress();
    const done = async <Field extends keyof Answers>(
      field: Field,
      input?: object,
      token?: string,
    ): Promise<Answers[Field]> => {
      const { data, refusal } = await send(field, input && { input }, token);
      if (data == null) throw new Error(`${field} was refused: ${JSON.stringify(refusal)}`);
      return data;
    };
    expect((await done('register', { email, password: PASSWORD })).detail).toMatch(/\w/);
    const { challengeId } = await done('login', { email, password: PASSWORD });
    const first = await redeem(send, email, challengeId);
    expect((await done('me', undefined, first.accessToken)).email).toBe(email);
    const second = await done('refreshTokens', { refreshToken: first.refreshToken });
    const sessions = await done('sessions', undefined, second.accessToken);
    expect(sessions.map(({ current }) => current)).toEqual([true]);
    const revoked = await done('revokeOtherSessions', undefined, second.accessToken);
    expect(revoked.ids).toEqual([]);
    await done('logout', { refreshToken: second.refreshToken });
    expect((await send('me', {}, second.accessToken)).refusal).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('gets the code and the fields of an error', async () => {
    const email = newAddress();
    const refusalOf = async (input: object) => (await send('login', { input })).refusal;
    expect(await refusalOf({ email, password: 'wrong' })).toEqual({ code: 'INVALID_CREDENTIALS' });
    expect(await refusalOf({ email: 'nobody', password: 'wrong' })).toEqual({
      code: 'BAD_USER_INPUT',
      fields: { email: ['Enter a valid email address.'] },
    });
    expect(await refusalOf({ email })).toEqual({
      code: 'BAD_USER_INPUT',
      fields: { password: ['This field is required.'] },
    });
  });
});

/** Redeems the code of a challenge: `register` may have mailed one as well. */
async function redeem(send: Send, email: string, challengeId: string): Promise<Tokens> {
  for (const count of [1, 2]) {
    const input = { email, otp: await codeOf(email, count), challengeId };
    const { data, refusal } = await send('verifyOtp', { input });
    if (data) return data;
    expect(refusal).toEqual({ code: 'INVALID_OTP' });
  }
  throw new Error('no code was accepted');
}
