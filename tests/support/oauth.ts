import { secretHashOf } from '#src/config/introspection-clients-shape.ts';
import type { TestApp } from './app.ts';
import type { Answer, RequestOptions } from './request.ts';

/** A service that may introspect tokens. */
export const service = { id: 'orders-api', secret: 'k7Qw2-vT4_xZ8.n1~%+ :@/é' };

/** The setting that lets it. */
export const introspectionClients = `${service.id}:${secretHashOf(service.secret)}`;

const formEncoded = (text: string): string => `${new URLSearchParams({ '': text })}`.slice(1);

/** Header of HTTP Basic with form-encoded parts (RFC 6749 §2.3.1). */
export const basic = ({ id, secret }: typeof service = service): Record<string, string> => ({
  authorization: `Basic ${btoa(`${formEncoded(id)}:${formEncoded(secret)}`)}`,
});

export interface OAuthReply extends Answer {
  /** The body, where it is JSON. */
  readonly body: Record<string, unknown>;
}

/** Posts a form to one of the OAuth endpoints. */
export async function postForm(
  app: Pick<TestApp, 'fetch'>,
  path: 'token' | 'introspect' | 'revoke',
  form: Readonly<Record<string, string>> | string,
  { headers, ...options }: RequestOptions = {},
): Promise<OAuthReply> {
  const answer = await app.fetch(`/oauth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : `${new URLSearchParams(form)}`,
    ...options,
  });
  const isJson = answer.headers['content-type'] === 'application/json';
  return { ...answer, body: isJson ? JSON.parse(answer.text) : {} };
}

/** Asks as the service whether a token is active. */
export const introspect = async (app: TestApp, token: string, hint?: string) =>
  (
    await postForm(
      app,
      'introspect',
      { token, ...(hint && { token_type_hint: hint }) },
      { headers: basic() },
    )
  ).body;
