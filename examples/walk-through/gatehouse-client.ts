import { RefreshTokensDocument, type TypedDocumentString } from '../../client/generated/graphql.ts';
import { type ErrorExtensions, GatehouseError, isRefusal } from './gatehouse-error.ts';

/** What keeps somebody signed in. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/** The data of an answer without errors: only a refused query leaves its field null. */
export type Complete<Data> = { [Field in keyof Data]: NonNullable<Data[Field]> };

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: ErrorExtensions }[];
}

/** Runs typed documents for one person, and renews the tokens when the access token is too old. */
export class GatehouseClient {
  /** To be set after a sign-in; undefined once the session has ended. */
  tokens: Tokens | undefined;
  readonly #endpoint: URL;
  #renewal: Promise<void> | undefined;

  constructor(url: string | URL) {
    this.#endpoint = new URL('/graphql', url);
  }

  /**
   * Sends a document and gives its data.
   *
   * @throws GatehouseError what the service refuses; TypeError when it cannot be reached
   */
  async execute<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Complete<Data>> {
    const used = this.tokens;
    try {
      return await this.#send(document, variables, used);
    } catch (error) {
      if (!used || !isRefusal(error, 'UNAUTHENTICATED')) throw error;
      await this.#renew(used);
      if (!this.tokens) throw error;
      return this.#send(document, variables, this.tokens);
    }
  }

  /** One renewal serves every request that was refused meanwhile. */
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
        // Only this code says that the session is over; after any other, the token is still good.
        if (!isRefusal(error, 'INVALID_TOKEN')) throw error;
        return undefined;
      },
    );
    // Meanwhile somebody else may have signed in.
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
        ...(tokens && { authorization: `Bearer ${tokens.accessToken}` }),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    });
    const { data, errors = [] } = (await response.json()) as Answer<Complete<Data>>;
    const [error] = errors;
    if (error) throw new GatehouseError(error.message, error.extensions);
    if (!data) throw new Error(`an answer without data, with status ${response.status}`);
    return data;
  }
}
