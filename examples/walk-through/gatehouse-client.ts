import { RefreshTokensDocument, type TypedDocumentString } from '../../client/generated/graphql.ts';
import { type ErrorExtensions, GatehouseError, hasCode } from './gatehouse-error.ts';

/** Tokens of a signed-in client. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/** Data of a response without errors. Only a failed query has null in its field. */
export type Complete<Data> = { [Field in keyof Data]: NonNullable<Data[Field]> };

interface GraphQLResponse<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: ErrorExtensions }[];
}

/** Runs typed documents for one user. Renews the tokens when the access token has expired. */
export class GatehouseClient {
  /** Set after a sign-in. Undefined once the session has ended. */
  tokens: Tokens | undefined;
  readonly #endpoint: URL;
  readonly #headers: Readonly<Record<string, string>>;
  #renewal: Promise<void> | undefined;

  /** @param headers of every request */
  constructor(url: string | URL, headers: Readonly<Record<string, string>> = {}) {
    this.#endpoint = new URL('/graphql', url);
    this.#headers = headers;
  }

  /**
   * Sends a document and returns its data.
   *
   * @throws GatehouseError if the service rejects the request; TypeError if it cannot be reached
   */
  async execute<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Complete<Data>> {
    const used = this.tokens;
    try {
      return await this.#send(document, variables, used);
    } catch (error) {
      if (!used || !hasCode(error, 'UNAUTHENTICATED')) throw error;
      await this.#renew(used);
      if (!this.tokens) throw error;
      return this.#send(document, variables, this.tokens);
    }
  }

  /** Renews the tokens once for all requests that were rejected in the meantime. */
  async #renew(used: Tokens): Promise<void> {
    if (this.tokens !== used) return;
    this.#renewal ??= this.#refresh(used).finally(() => {
      this.#renewal = undefined;
    });
    await this.#renewal;
  }

  async #refresh(used: Tokens): Promise<void> {
    const input = { refreshToken: used.refreshToken };
    const fresh = await this.#send(RefreshTokensDocument, { input }).then(
      ({ refreshTokens }) => refreshTokens,
      (error: unknown) => {
        // Only this code means that the session has ended. After any other, the token is still valid.
        if (!hasCode(error, 'INVALID_TOKEN')) throw error;
        return undefined;
      },
    );
    // Another user may have signed in in the meantime.
    if (this.tokens === used) this.tokens = fresh;
  }

  async #send<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    tokens?: Tokens,
  ): Promise<Complete<Data>> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...this.#headers,
        ...(tokens && { authorization: `Bearer ${tokens.accessToken}` }),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors = [] } = (await response.json()) as GraphQLResponse<Complete<Data>>;
    const [error] = errors;
    if (error) throw new GatehouseError(error.message, error.extensions);
    if (!data) throw new Error(`The response has no data (status ${response.status}).`);
    return data;
  }
}
