import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { expect, it } from 'vitest';
import { serviceUrl, signIn } from './service.ts';

interface Page {
  readonly auditLogs: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  };
}

const LOG: TypedDocumentNode<Page> = gql`query Log($after: String) {
  auditLogs(first: 1, after: $after) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } }
}`;

it('appends pages of a connection in the cache of Apollo Client', async () => {
  const { access } = await signIn();
  const client = new ApolloClient({
    link: new HttpLink({
      uri: `${serviceUrl}/graphql`,
      headers: { authorization: `Bearer ${access}` },
    }),
    cache: new InMemoryCache({
      typePolicies: { Query: { fields: { auditLogs: relayStylePagination(['filter']) } } },
    }),
  });
  await client.mutate({
    mutation: gql`mutation { updateProfile(input: { firstName: "Ada" }) { id } }`,
  });
  // The worker writes the events.
  await expect
    .poll(
      async () => {
        const { data } = await client.query({ query: LOG, fetchPolicy: 'no-cache' });
        return data?.auditLogs.pageInfo.hasNextPage;
      },
      { timeout: 5000 },
    )
    .toBe(true);
  const log = client.watchQuery({ query: LOG });
  const subscription = log.subscribe(() => undefined);
  const { data } = await log.refetch();
  await log.fetchMore({ variables: { after: data?.auditLogs.pageInfo.endCursor } });
  const edges = client.readQuery({ query: LOG })?.auditLogs.edges ?? [];
  expect(new Set(edges.map(({ node }) => node.id)).size).toBe(2);
  subscription.unsubscribe();
});
