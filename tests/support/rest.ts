import type { TestApp } from './app.ts';
import type { Answer } from './request.ts';

export interface RestAnswer extends Answer {
  /** The body, where it is JSON. */
  readonly body: Record<string, unknown>;
}

export interface RestOptions {
  readonly token?: string;
  readonly from?: string;
  readonly headers?: Record<string, string>;
}

/** One call of the REST routes; a body makes it JSON. */
export async function rest(
  app: TestApp,
  method: string,
  path: string,
  body?: unknown,
  { token, headers, ...options }: RestOptions = {},
): Promise<RestAnswer> {
  const answer = await app.fetch(`/api/v1${path}`, {
    ...options,
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const isJson = answer.headers['content-type']?.includes('json');
  return { ...answer, body: isJson ? JSON.parse(answer.text) : {} };
}
