import { beforeAll, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { type SentRequest, useBothWays } from './support/both-ways.ts';
import { Person } from './support/flow.ts';
import { basic, introspectionClients, service } from './support/oauth.ts';

const app = useApp({ INTROSPECTION_CLIENTS: introspectionClients });
const ways = useBothWays(app);
const FORM = 'application/x-www-form-urlencoded';
let access = '';
let refresh = '';
beforeAll(async () => {
  ({ accessToken: access, refreshToken: refresh } = await new Person(app).signIn());
  await app.auditWritten();
});

const forms = () => [
  ...['', 'token=a.b.c', `token=${access}`, `token=${refresh}x`, 'token=a&token=b', 'token='],
  ...['grant_type=refresh_token&refresh_token=a.b.c', 'grant_type=password', 'a=%ff', 'a=%zz'],
  ...['grant_type=refresh_token', 'client_id=other&token=a', 'x'.repeat(100_001), '{"token":"a"}'],
];

const names = ['token', 'introspect', 'revoke'];
const credentials = [{}, basic(), basic({ ...service, secret: 'wrong' })];

const posted = (): SentRequest[] =>
  names.flatMap((name) =>
    forms()
      // Revocation would end the session for the requests after it.
      .filter((body) => name !== 'revoke' || !body.includes(access))
      .flatMap((body) =>
        credentials.map((headers) => ({
          path: `/oauth/${name}${body.length % 2 ? '' : '/?a=1'}`,
          method: 'POST',
          headers: { 'content-type': FORM, ...headers },
          body,
        })),
      ),
  );

const withoutForm = (): SentRequest[] =>
  names.flatMap((name) =>
    ['GET', 'HEAD', 'PUT', 'OPTIONS', 'POST'].map((method) => ({ path: `/oauth/${name}`, method })),
  );

const verified = (): SentRequest[] =>
  ['', '/', '/envoy', '/envoy/', '/envoy/a/b?c=d', '/other'].flatMap((path) =>
    ['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PROPFIND'].flatMap((method) =>
      ['', `Bearer ${access}`, 'Bearer a.b.c', 'Basic a'].map((authorization) => ({
        path: `/oauth/verify${path}`,
        method,
        headers: { authorization },
      })),
    ),
  );

it('responds alike to plain requests, which bypass Hono, and to all others', async () => {
  const requests = [...posted(), ...withoutForm(), ...verified()];
  expect(await ways.compareAll(requests)).toBeGreaterThan(100);
});
