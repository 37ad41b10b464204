import fc from 'fast-check';
import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { mostly, type SentRequest, useBothWays } from './support/both-ways.ts';
import { Person } from './support/flow.ts';
import { production } from './support/production.ts';

/** The own origin, and another one that may use the session cookie. */
const OWN = 'http://gatehouse.test';
const LISTED = 'http://app.gatehouse.test';

const documents = [
  '{ __typename }',
  '{ me { id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt } }',
  'query Me { a: me { id } b: me { email } }',
  'query A { __typename } query B { me { id } }',
  'query B($yes: Boolean!) { me { id @include(if: $yes) email @skip(if: $yes) } }',
  'query Page($first: Int = 2, $filter: AuditLogFilter) { auditLogs(first: $first, filter: $filter) { totalCount edges { node { event } } } }',
  '{ sessions { current userAgent } auditLogs(first: 1000) { totalCount } }',
  '{ ...F } fragment F on Query { sessions { ipAddress } me { role } }',
  'mutation { requestOtp(input: { email: "{address}" }) { detail expiresIn challengeId } }',
  'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { detail } }',
  'mutation ($email: String!, $otp: String = "123456") { verifyOtp(input: { email: $email, otp: $otp }) { accessToken } }',
  'mutation { login(input: { email: "{address}", password: "not-the-one" }) { detail } }',
  'mutation Names($input: UpdateProfileInput!) { a: updateProfile(input: $input) { firstName } b: updateProfile(input: $input) { lastName } }',
  'mutation { logout(input: { refreshToken: "none" }) { detail } }',
  'mutation { refreshTokens(input: {}) { refreshToken } }',
  'mutation { revokeSession(input: { id: "none" }) { detail } }',
  '{ __schema { queryType { name } } }',
  // Invalid ones.
  '{ me { id } ',
  '{ me { nothing } }',
  '{ me }',
  'query ($unused: Int) { __typename }',
  'query A { __typename } query A { __typename }',
  'subscription { me { id } }',
  'fragment F on Query { __typename }',
  'mutation { a: requestOtp(input: { email: "a@b.co" }) { detail } b: requestOtp(input: { email: "a@b.co" }) { detail } }',
  `{ ${'a '.repeat(1001)} }`,
  `{ __typename }${' '.repeat(15_000)}`,
  '',
];

const variables = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    {},
    { yes: true },
    { yes: 'true' },
    { first: 1, filter: { event: 'LOGIN_FAILED' } },
    { first: null, filter: { from: 'yesterday' } },
    { input: { email: '{address}' } },
    { input: { email: 5, more: [] } },
    { input: { firstName: 'Ada', lastName: null } },
    { email: '{address}' },
    { email: '{address}', otp: '12' },
    { input: Object.fromEntries(Array(120).fill(1).entries()) },
    [],
    'text',
  ),
  fc.dictionary(fc.constantFrom('yes', 'first', 'input', 'email', '__proto__'), fc.jsonValue()),
);

const member = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });

const bodies = fc.record({
  query: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom<unknown>(...documents) },
    { weight: 1, arbitrary: fc.jsonValue() },
  ),
  variables,
  operationName: member(fc.constantFrom<unknown>('A', 'B', 'Me', 'Names', 'nobody', '', null, 5)),
  extensions: member(fc.constantFrom<unknown>({}, null, [], { persistedQuery: { version: 1 } })),
  more: fc.constantFrom(...Array(9).fill(undefined), 1, null),
});

const usually = mostly(24);

const requests = (tokens: readonly string[]) =>
  fc.record({
    path: usually('/graphql', '/graphql/', '/graphql?x=1', '/graphql?query={__typename}'),
    method: usually('POST', 'GET', 'PUT'),
    headers: fc.record({
      'content-type': usually<string>(
        'application/json',
        ...['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset=x'],
        ...['application/graphql+json', 'text/plain', 'application/x-www-form-urlencoded', ''],
      ),
      accept: usually<string>(
        'application/json',
        ...['application/graphql-response+json', '*/*', 'text/html', 'text/event-stream', ''],
        'application/graphql-response+json;charset=utf-8, application/json;charset=utf-8',
      ),
      authorization: fc.constantFrom(...tokens),
      origin: usually<string | undefined>(undefined, OWN, LISTED, 'https://evil.test'),
      'gatehouse-session': usually<string | undefined>(undefined, 'cookie', 'cookie', 'other'),
      'sec-fetch-site': usually<string | undefined>(undefined, 'cross-site'),
      cookie: usually<string | undefined>(undefined, '__Host-gatehouse=a.b.c', 'theme=dark'),
    }),
    body: fc.oneof(
      { weight: 20, arbitrary: bodies.map((body) => JSON.stringify(body)) },
      { weight: 1, arbitrary: fc.constantFrom(...oddBodies) },
    ),
  });

const oddBodies: (string | Buffer)[] = [
  ...['', ' ', 'null', '5', '[]', '[{"query":"{ __typename }"}]', '{"query":"{ __typename }"'],
  ...['\ufeff{"query":"{ __typename }"}', '{"query":"{ __typename }","query":"{ me { id } }"}'],
  Buffer.from('{"query":"{ __typename }","variables":{"password":"\xff"}}', 'latin1'),
  JSON.stringify({ query: '{ __typename }', variables: { long: 'x'.repeat(70_000) } }),
  JSON.stringify({ query: '{ __typename }', variables: { long: 'x'.repeat(100_000) } }),
];

/** Leaves out headers without a value. GET has no body. */
const complete = ({ headers, body, ...sent }: SentRequest): SentRequest => ({
  ...sent,
  headers: Object.fromEntries(Object.entries(headers ?? {}).filter(([, value]) => value)),
  ...(sent.method !== 'GET' && body !== undefined && { body }),
});

/** Requests of the audits of GraphQL over HTTP. */
async function auditRequests(url: string): Promise<SentRequest[]> {
  const sent: SentRequest[] = [];
  const fetchFn = (target: string, init: RequestInit = {}) => {
    const { method = 'GET', body } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const path = target.slice(url.length);
    sent.push({ path, method, headers, ...(typeof body === 'string' && { body }) });
    return fetch(target, init);
  };
  for (const audit of serverAudits({ url: `${url}/graphql`, fetchFn })) await audit.fn();
  return sent;
}

describe.each([
  ['development', {}],
  ['production', { ...production, PUBLIC_URL: 'http://gatehouse.test' }],
])('in %s', (_environment, variables) => {
  const app = useApp({
    ...variables,
    CORS_ORIGINS: LISTED,
    LIMIT_ADDRESSES: '5000/3600',
    LIMIT_REQUESTS: '5000/60',
  });
  const ways = useBothWays(app);
  let tokens: string[] = [];
  beforeAll(async () => {
    const { accessToken } = await new Person(app).signIn();
    const altered = accessToken.replace(/.{9}$/, 'AAAAAAAAA');
    tokens = [`Bearer ${accessToken}`, `bearer ${accessToken}`, '', `Bearer ${altered}`, 'Basic x'];
  });

  it('responds to the audits of GraphQL over HTTP as Yoga does', async () => {
    const sent = await auditRequests(app.url);
    expect(sent.length).toBeGreaterThanOrEqual(61);
    expect(await ways.compareAll(sent)).toBeGreaterThanOrEqual(20);
  });

  it.each([OWN, LISTED])('responds in cookie mode as Yoga does, from %s', async (origin) => {
    const headers = { 'content-type': 'application/json', 'gatehouse-session': 'cookie', origin };
    const cookies = ['', '__Host-gatehouse=', '__Host-gatehouse=a.b.c', 'theme=dark'];
    const queries = [
      'mutation { refreshTokens(input: {}) { refreshToken } }',
      'mutation { refreshTokens(input: { refreshToken: "a.b.c" }) { refreshToken } }',
      'mutation { logout { detail } }',
      'mutation { a: logout { detail } b: logout { detail } }',
      'mutation { verifyOtp(input: { email: "{address}", otp: "123456" }) { accessToken } }',
    ];
    const sent = cookies.flatMap((cookie) =>
      queries.map((query) => ({
        path: '/graphql',
        method: 'POST',
        headers: { ...headers, ...(cookie && { cookie }) },
        body: JSON.stringify({ query }),
      })),
    );
    expect(await ways.compareAll(sent)).toBeGreaterThan(10);
  });

  it('responds to 600 random requests as Yoga does', async () => {
    const sent = fc.sample(requests(tokens), { numRuns: 600, seed: 7 });
    const completed = sent.map((each) => complete(each as SentRequest));
    expect(await ways.compareAll(completed)).toBeGreaterThan(100);
  }, 60_000);
});
