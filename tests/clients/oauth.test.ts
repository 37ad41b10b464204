import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { describe, expect, inject, it } from 'vitest';
import { serviceUrl, signIn, type Tokens } from './service.ts';

const issuer = new URL(serviceUrl);
const insecure = { [oauth.allowInsecureRequests]: true };
const { id, secret } = inject('introspectionClient');

const bearer = (access: string) => ({ headers: { authorization: `Bearer ${access}` } });
const statusOf = async (access: string): Promise<number> =>
  (await fetch(`${serviceUrl}/api/v1/auth/me`, bearer(access))).status;

describe('oauth4webapi', () => {
  const app: oauth.Client = { client_id: 'gatehouse' };
  const service: oauth.Client = { client_id: id };
  const server = async () => {
    const options = { ...insecure, algorithm: 'oauth2' as const };
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
  };

  const introspect = async (token: string) => {
    const as = await server();
    const authentication = oauth.ClientSecretBasic(secret);
    const response = await oauth.introspectionRequest(as, service, authentication, token, insecure);
    return oauth.processIntrospectionResponse(as, service, response);
  };

  it('reads the metadata at both places', async () => {
    const as = await server();
    const options = { ...insecure, algorithm: 'oidc' as const };
    const other = await oauth.discoveryRequest(issuer, options);
    expect(await oauth.processDiscoveryResponse(issuer, other)).toEqual(as);
    expect(as.issuer).toBe(serviceUrl);
  });

  it('refreshes, introspects and revokes', async () => {
    const as = await server();
    const { refresh } = await signIn();
    const response = await oauth.refreshTokenGrantRequest(as, app, oauth.None(), refresh, insecure);
    const tokens = await oauth.processRefreshTokenResponse(as, app, response);
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 900 });
    const { access_token: access } = tokens;
    expect(await introspect(access)).toMatchObject({
      active: true,
      iss: as.issuer,
      aud: as.issuer,
      client_id: 'gatehouse',
    });
    expect(await introspect(refresh)).toEqual({ active: false });
    const revocation = await oauth.revocationRequest(as, app, oauth.None(), access, insecure);
    expect(await oauth.processRevocationResponse(revocation)).toBeUndefined();
    expect(await introspect(access)).toEqual({ active: false });
    expect(await statusOf(access)).toBe(401);
  });

  it('reads errors', async () => {
    const as = await server();
    const invalid = await oauth.refreshTokenGrantRequest(as, app, oauth.None(), 'a.b.c', insecure);
    await expect(oauth.processRefreshTokenResponse(as, app, invalid)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    });
    const wrong = oauth.ClientSecretBasic('wrong');
    const answer = await oauth.introspectionRequest(as, service, wrong, 'a', insecure);
    await expect(oauth.processIntrospectionResponse(as, service, answer)).rejects.toMatchObject({
      cause: [{ scheme: 'basic', parameters: { realm: 'oauth', charset: 'UTF-8' } }],
    });
  });

  it('validates access tokens as RFC 9068 says', async () => {
    const { access } = await signIn();
    const request = new Request(serviceUrl, bearer(access));
    const claims = await oauth.validateJwtAccessToken(
      await server(),
      request,
      serviceUrl,
      insecure,
    );
    expect(claims).toMatchObject({ client_id: 'gatehouse', role: 'USER' });
  });
});

describe('openid-client', () => {
  const configure = (client: string, authentication: openid.ClientAuth) =>
    openid.discovery(issuer, client, undefined, authentication, {
      algorithm: 'oauth2',
      execute: [openid.allowInsecureRequests],
    });

  it('discovers, refreshes, introspects and revokes', async () => {
    const app = await configure('gatehouse', openid.None());
    const service = await configure(id, openid.ClientSecretBasic(secret));
    const { refresh } = await signIn();
    const { access_token: access } = await openid.refreshTokenGrant(app, refresh);
    expect(await openid.tokenIntrospection(service, access)).toMatchObject({ active: true });
    await openid.tokenRevocation(app, access);
    expect(await openid.tokenIntrospection(service, access)).toEqual({ active: false });
  });
});

/** A resource server with the rules of RFC 8414, RFC 7662 and RFC 9068, as Spring Security has them. */
describe('a resource server by the RFCs', () => {
  interface Metadata {
    readonly issuer: string;
    readonly jwks_uri: string;
    readonly introspection_endpoint: string;
  }

  /** Tries OpenID Connect first. The issuer must be the one that the location belongs to. */
  async function discover(expected: string): Promise<Metadata> {
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const response = await fetch(`${expected}/.well-known/${name}`);
      if (response.status !== 200) continue;
      const metadata = (await response.json()) as Metadata;
      if (metadata.issuer !== expected) throw new Error('another issuer');
      for (const url of [metadata.jwks_uri, metadata.introspection_endpoint]) new URL(url);
      return metadata;
    }
    throw new Error('no metadata');
  }

  /** Returns the claims of an opaque token; undefined if the server rejects it. */
  async function principalOf(token: string, credentials = `${id}:${secret}`) {
    const { introspection_endpoint: endpoint } = await discover(serviceUrl);
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { accept: 'application/json', authorization: `Basic ${btoa(credentials)}` },
      body: new URLSearchParams({ token }),
    });
    if (response.status !== 200) throw new Error(`introspection: ${response.status}`);
    const type = response.headers.get('content-type')?.split(';')[0];
    if (type !== 'application/json') throw new Error(`introspection: ${type}`);
    const claims = (await response.json()) as Record<string, unknown>;
    if (claims.active !== true) return undefined;
    const times = ['exp', 'iat', 'nbf'].filter((name) => name in claims);
    if (!times.every((name) => Number.isInteger(claims[name]))) throw new Error('no time');
    new URL(String(claims.iss));
    return claims;
  }

  it('finds the metadata by the issuer, and accepts active tokens with a subject', async () => {
    const { access }: Tokens = await signIn();
    expect(await principalOf(access)).toMatchObject({
      token_type: 'Bearer',
      aud: serviceUrl,
      sub: expect.stringMatching(/^[\da-f-]{36}$/),
      role: 'USER',
    });
  });

  it('names no account for a refresh token that a service takes for an access token', async () => {
    const { refresh } = await signIn();
    const claims = await principalOf(refresh);
    expect(Object.keys(claims ?? {}).sort()).toEqual(['active', 'client_id', 'exp', 'iss']);
  });

  it('rejects unknown tokens, and learns of wrong credentials', async () => {
    expect(await principalOf('a.b.c')).toBeUndefined();
    await expect(principalOf('a.b.c', `${id}:wrong`)).rejects.toThrow('introspection: 401');
  });
});
