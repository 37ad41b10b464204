import { etag } from 'hono/etag';
import type { Config } from '../config/load-config.ts';
import type { BaseUrl } from '../http/base-url.ts';
import type { Routes } from '../http/hono-routes.ts';

/** Seconds for which the metadata may be cached. */
const MAX_AGE = 300;

/** The path of RFC 8414 §3, and that of OpenID Connect Discovery 1.0, which many libraries try first. */
const paths = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'];

/** Adds the metadata of the authorization server. */
export function addServerMetadata(routes: Routes, config: Config, baseUrl: BaseUrl): void {
  for (const path of paths) {
    routes.get(path, etag(), (c) => {
      const document = serverMetadata(config.tokenIssuer, baseUrl(c.req.header('host')));
      return c.json(document, 200, { 'cache-control': `public, max-age=${MAX_AGE}` });
    });
  }
}

/** Describes the authorization server (RFC 8414 §2). It has no authorization endpoint. */
const serverMetadata = (issuer: string, base: string) => ({
  issuer,
  jwks_uri: `${base}/.well-known/jwks.json`,
  token_endpoint: `${base}/oauth/token`,
  token_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['refresh_token'],
  // Required, although there is no response type.
  response_types_supported: [],
  introspection_endpoint: `${base}/oauth/introspect`,
  introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
  revocation_endpoint: `${base}/oauth/revoke`,
  revocation_endpoint_auth_methods_supported: ['none'],
});
