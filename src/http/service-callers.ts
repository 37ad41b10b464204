import { hash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config/load-config.ts';
import { createProxyTrust } from './ip-prefix.ts';
import type { Edge, Step } from './request-state.ts';

const verify = /^\/oauth\/verify(\/envoy)?$/;

/**
 * Recognizes services of the operator: an introspection client with its secret, and a trusted proxy
 * that asks who is signed in. They call once for each request of a user, so they are exempt from the
 * limit of all requests; any other caller of these endpoints is not.
 */
export function serviceCallers({ config }: Edge): Step {
  const isClient = createClientCheck(config);
  const isFromProxy = createProxyTrust(config.trustProxy);
  return (state) => {
    const { path, request } = state;
    if (path === '/oauth/introspect') state.isService = isClient(request.headers.authorization);
    else if (verify.test(path)) state.isService = isFromProxy(request);
  };
}

const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

/**
 * Creates a check of HTTP Basic credentials (RFC 6749 §2.3.1). Its time does not depend on the
 * clients: all are compared, by hashes of equal length.
 */
function createClientCheck({ introspectionClients }: Pick<Config, 'introspectionClients'>) {
  const clients = introspectionClients.map(({ id, secretHash }) => ({
    id: sha256(id),
    secret: Buffer.from(secretHash, 'hex'),
  }));
  return (header: string | undefined): boolean => {
    const given = credentialsIn(header);
    if (!given) return false;
    const [id, secret] = given.map(sha256) as [Buffer, Buffer];
    const equal = clients.map(
      (client) =>
        Number(timingSafeEqual(client.id, id)) & Number(timingSafeEqual(client.secret, secret)),
    );
    return equal.includes(1);
  };
}

/** Returns id and secret, each of which the client has form-encoded before base64. */
function credentialsIn(header: string | undefined): readonly [string, string] | undefined {
  const [, encoded] = /^Basic ([\w+/-]+=*)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return [formDecode(text.slice(0, colon)), formDecode(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
}

/** @throws if a percent-encoding is malformed */
const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
