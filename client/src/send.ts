import { failure, networkError, type ResponseError, type Result, success } from './result.ts';

/** Options of the requests to the service. */
export interface ConnectionOptions {
  /** Base URL of Gatehouse: `https://auth.example.com`. */
  readonly url: string;
  /** Headers of each request, such as `x-forwarded-for` on a server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until a request without a response fails. 15,000 by default. */
  readonly timeout?: number;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Options of one request. */
interface Connection extends ConnectionOptions {
  readonly credentials?: 'include';
}

/** Returns the connection for an operation that takes or returns a refresh token. */
export const withCookie = (
  options: ConnectionOptions & { readonly cookie?: boolean },
): Connection =>
  options.cookie
    ? {
        ...options,
        credentials: 'include',
        headers: { ...options.headers, 'gatehouse-session': 'cookie' },
      }
    : options;

/** A document of GraphQL with the types of its data and variables, as code generators write it. */
export interface TypedDocument<Data, Variables> {
  toString(): string;
  readonly __apiType?: (variables: Variables) => Data;
}

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ResponseError[];
}

/** Sends a document to the service and returns its data, or the first error. */
export async function send<Data, Variables>(
  connection: Connection,
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  accessToken?: string,
): Promise<Result<Data>> {
  const {
    url,
    headers,
    credentials = 'omit',
    timeout = 15_000,
    fetch: request = fetch,
  } = connection;
  // React Native has no AbortSignal.timeout, and an incomplete URL class.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  try {
    const response = await request(`${url.replace(/\/+$/, '')}/graphql`, {
      method: 'POST',
      credentials,
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: abort.signal,
    });
    const { data, errors } = (await response.json()) as Body<Data>;
    if (errors?.[0]) return failure(errors[0]);
    if (data) return success(data);
    return networkError(`The response is not from Gatehouse (status ${response.status}).`);
  } catch (cause) {
    return networkError(`No response of Gatehouse at ${url}.`, cause);
  } finally {
    clearTimeout(timer);
  }
}
