import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import type { ErrorCode } from '@gatehouse/client';
import { gatehouse, url } from './gatehouse';

/** Sends the access token, which the client refreshes before it expires. */
const authorize = new SetContextLink(async ({ headers }) => {
  const token = await gatehouse.getAccessToken();
  return { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } };
});

/** Signs out if the session has ended elsewhere. */
const onRejectedToken = new ErrorLink(({ error }) => {
  if (codeOf(error) === 'UNAUTHENTICATED') void gatehouse.refreshTokens();
});

export const createApollo = () =>
  new ApolloClient({
    link: ApolloLink.from([onRejectedToken, authorize, new HttpLink({ uri: `${url}/graphql` })]),
    cache: new InMemoryCache(),
  });

/** Returns the code of a failed operation, by which to handle it. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  return error.errors[0]?.extensions?.code as ErrorCode | undefined;
}
