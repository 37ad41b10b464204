import { LogoutDocument, type TypedDocumentString } from '../../client/generated/graphql.ts';
import { type Complete, GatehouseClient, type Tokens } from '../walk-through/gatehouse-client.ts';

/** Key of the tokens in `sessionStorage`. */
const KEY = 'gatehouse-demo';

// Only in cookie mode can a browser be trusted, which the service then asks for by this attribute.
const isCookieMode = document.querySelector('main[data-cookie-mode]') !== null;
const headers = isCookieMode ? { 'gatehouse-session': 'cookie' } : {};
const client = new GatehouseClient(location.origin, headers);
client.tokens = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined;

/**
 * Sends a document for the signed-in user. Renews expired tokens.
 *
 * @throws GatehouseError if the service rejects the request; TypeError if it cannot be reached
 */
export async function run<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Complete<Data>> {
  const before = client.tokens;
  try {
    return await client.execute(document, variables);
  } finally {
    if (client.tokens !== before) keep(client.tokens);
  }
}

export const isSignedIn = (): boolean => client.tokens !== undefined;

export function signIn({ accessToken, refreshToken }: Tokens): void {
  keep({ accessToken, refreshToken });
}

/** Ends the session at the service. Drops the tokens even if the service cannot be reached. */
export async function signOut(): Promise<void> {
  const { refreshToken } = client.tokens ?? {};
  try {
    await client.execute(LogoutDocument, { input: { refreshToken } });
  } finally {
    keep(undefined);
  }
}

// sessionStorage survives a reload and ends with the tab. Tabs do not share it, so they do not use
// each other's refresh token. In cookie mode, it contains none, and the tabs share the cookie. The Content-Security-Policy keeps foreign scripts from reading it.
function keep(tokens: Tokens | undefined): void {
  client.tokens = tokens;
  if (tokens) sessionStorage.setItem(KEY, JSON.stringify(tokens));
  else sessionStorage.removeItem(KEY);
}
