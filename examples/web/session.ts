import { LogoutDocument, type TypedDocumentString } from '../../client/generated/graphql.ts';
import { type Complete, GatehouseClient, type Tokens } from '../walk-through/gatehouse-client.ts';

/** Where the tokens outlive a reload. */
const KEY = 'gatehouse-demo';

const client = new GatehouseClient(location.origin);
client.tokens = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') ?? undefined;

/**
 * Sends a document for whoever is signed in; old tokens are renewed on the way.
 *
 * @throws GatehouseError what the service refuses; TypeError when it cannot be reached
 */
export async function run<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Complete<Data>> {
  try {
    return await client.execute(document, variables);
  } finally {
    keep(client.tokens);
  }
}

export const isSignedIn = (): boolean => client.tokens !== undefined;

export function signIn({ accessToken, refreshToken }: Tokens): void {
  keep({ accessToken, refreshToken });
}

/** Ends the session at the service, and forgets it here even if that cannot be reached. */
export async function signOut(): Promise<void> {
  const { refreshToken } = client.tokens ?? {};
  try {
    await client.execute(LogoutDocument, { input: { refreshToken } });
  } finally {
    keep(undefined);
  }
}

// sessionStorage survives a reload, ends with the tab, and is not shared between tabs, which would
// spend each other's refresh token. Script that gets into the page can read it, as it can whatever
// else the page reaches: the Content-Security-Policy is what keeps it out.
function keep(tokens: Tokens | undefined): void {
  client.tokens = tokens;
  if (tokens) sessionStorage.setItem(KEY, JSON.stringify(tokens));
  else sessionStorage.removeItem(KEY);
}
