import { gql, type TypedDocumentNode } from '@apollo/client';
import { useMutation, useQuery } from '@apollo/client/react';
import { codeOf } from './apollo';

interface Session {
  readonly id: string;
  readonly userAgent: string;
  readonly current: boolean;
}

const SESSIONS: TypedDocumentNode<{ sessions: Session[] | null }> = gql`
  query Sessions { sessions { id userAgent current } }
`;

const REVOKE: TypedDocumentNode<{ revokeSession: { ids: string[] } }, { input: { id: string } }> =
  gql`
  mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { ids } }
`;

/** Lists the sessions of the account, and ends them. */
export function Devices() {
  const { data, error } = useQuery(SESSIONS);
  const [revoke] = useMutation(REVOKE, {
    update(cache, { data: result }) {
      for (const id of result?.revokeSession.ids ?? []) {
        cache.evict({ id: cache.identify({ __typename: 'Session', id }) });
      }
    },
  });
  if (error) return <p role="alert">The devices cannot be loaded ({codeOf(error)}).</p>;
  return (
    <ul>
      {data?.sessions?.map(({ id, userAgent, current }) => (
        <li key={id}>
          {current ? 'This device' : userAgent}{' '}
          {!current && (
            <button type="button" onClick={() => revoke({ variables: { input: { id } } })}>
              Sign out
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
