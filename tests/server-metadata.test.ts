import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const local = useApp();
const app = useApp({
  PUBLIC_URL: 'https://auth.example.com',
  TOKEN_ISSUER: 'urn:example:auth',
});

const places = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

it.each(places)('describes the server at %s', async (path) => {
  const { status, headers, text } = await app.fetch(path);
  expect([status, JSON.parse(text)]).toEqual([
    200,
    {
      issuer: 'urn:example:auth',
      jwks_uri: 'https://auth.example.com/.well-known/jwks.json',
      token_endpoint: 'https://auth.example.com/oauth/token',
      token_endpoint_auth_methods_supported: ['none'],
      grant_types_supported: ['refresh_token'],
      response_types_supported: [],
      introspection_endpoint: 'https://auth.example.com/oauth/introspect',
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: 'https://auth.example.com/oauth/revoke',
      revocation_endpoint_auth_methods_supported: ['none'],
    },
  ]);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'public, max-age=300',
  });
  const again = await app.fetch(path, { headers: { 'if-none-match': headers.etag ?? '' } });
  expect(again.status).toBe(304);
});

it('names the host of the request if PUBLIC_URL is unset', async () => {
  const [path = ''] = places;
  const { text } = await local.fetch(path, { headers: { host: 'gatehouse.test:8000' } });
  expect(JSON.parse(text)).toMatchObject({
    issuer: local.runtime.config.publicUrl,
    token_endpoint: 'http://gatehouse.test:8000/oauth/token',
  });
});
