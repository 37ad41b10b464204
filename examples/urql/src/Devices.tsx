import { gql, useMutation, useQuery } from 'urql';
import { codeOf } from './urql';

interface Session {
  readonly id: string;
  readonly userAgent: string;
  readonly current: boolean;
}

const SESSIONS = gql<{ sessions: Session[] | null }>`
  query Sessions { sessions { id userAgent current } }
`;

const REVOKE = gql<{ revokeSession: { ids: string[] } }, { input: { id: string } }>`
  mutation Revoke($input: RevokeSessionInput!) { revokeSession(input: $input) { ids } }
`;

/** Queries again what contains sessions. */
const changesSessions = { additionalTypenames: ['Session'] };

/** Lists the sessions of the account, and ends them. */
export function Devices() {
  const [{ data, error }] = useQuery({ query: SESSIONS });
  const [, revoke] = useMutation(REVOKE);
  if (error) return <p role="alert">The devices cannot be loaded ({codeOf(error)}).</p>;
  return (
    <ul>
      {data?.sessions?.map(({ id, userAgent, current }) => (
        <li key={id}>
          {current ? 'This device' : userAgent}{' '}
          {!current && (
            <button type="button" onClick={() => revoke({ input: { id } }, changesSessions)}>
              Sign out
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
