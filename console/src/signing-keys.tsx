import type { SigningKeysQuery } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { useLoad } from './load.ts';
import { Badge, Failure, Heading, Loading, Moment } from './parts.tsx';
import { words } from './texts.ts';

type Key = NonNullable<SigningKeysQuery['signingKeys']>[number];

const tones: Readonly<Record<string, string>> = {
  SIGNING: 'good',
  WAITING: 'accent',
  DROPPED: 'bad',
};

/** Lists the signing keys with their ages. */
export function SigningKeys() {
  const found = useLoad('', () => client.signingKeys());
  const { data: keys, error } = found;
  return (
    <>
      <Heading
        title="Signing keys"
        lead={
          <>
            They sign access tokens. Rotate them with <code>npx gatehouse keys rotate</code>.
          </>
        }
      />
      {error && <Failure error={error} retry={found.reload} />}
      {!keys && !error && <Loading />}
      {keys && <Keys keys={keys} />}
    </>
  );
}

const Keys = ({ keys }: { keys: readonly Key[] }) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">Key ID</th>
          <th scope="col">Algorithm</th>
          <th scope="col">State</th>
          <th scope="col" class="wide">
            Signs from
          </th>
          <th scope="col" class="wide">
            Verifies until
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.kid}>
            <td class="main" title={key.kid}>
              <code>{key.kid}</code>
            </td>
            <td>{key.alg}</td>
            <td>
              <Badge tone={tones[key.state] ?? ''}>{words(key.state)}</Badge>
            </td>
            <td class="wide">
              <Moment at={key.signsFrom} />
            </td>
            <td class="wide">
              {key.verifiesUntil ? (
                <Moment at={key.verifiesUntil} />
              ) : (
                <span class="quiet">it is replaced</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
