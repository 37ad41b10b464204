import type { ErrorCode } from '@gatehouse/client';
import { Client, type CombinedError, cacheExchange, fetchExchange, mapExchange } from 'urql';
import { gatehouse, url } from './gatehouse';

export const createUrql = () =>
  new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [cacheExchange, onRejectedToken, fetchExchange],
    // Sends the access token, which the client refreshes before it expires.
    async fetch(input, init) {
      const token = await gatehouse.getAccessToken();
      const headers = new Headers(init?.headers);
      if (token) headers.set('authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers });
    },
  });

/** Signs out if the session has ended elsewhere. */
const onRejectedToken = mapExchange({
  onError(error) {
    if (codeOf(error) === 'UNAUTHENTICATED') void gatehouse.refreshTokens();
  },
});

/** Returns the code of a failed operation, by which to handle it. */
export const codeOf = (error: CombinedError): ErrorCode | undefined =>
  error.graphQLErrors[0]?.extensions.code as ErrorCode | undefined;
