import type { OutboxQuery } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { useLoad } from './load.ts';
import { Badge, Empty, Failure, Heading, Loading, Moment } from './parts.tsx';
import { duration, words } from './texts.ts';

type State = NonNullable<OutboxQuery['outbox']>;

/** Shows the numbers of waiting entries, and the failed entries. */
export function Outbox() {
  const found = useLoad('', () => client.outbox());
  return (
    <>
      <Heading title="Outbox" lead="Mails and audit events wait here for a worker.">
        <button type="button" onClick={found.reload} disabled={found.isLoading}>
          Refresh
        </button>
      </Heading>
      {found.error && <Failure error={found.error} retry={found.reload} />}
      {!found.data && !found.error && <Loading />}
      {found.data && <Queues state={found.data} />}
      {found.data && <Failed state={found.data} />}
    </>
  );
}

const Queues = ({ state: { waiting } }: { state: State }) => (
  <div class="tiles">
    {waiting.map(({ kind, count, oldest }) => (
      <div key={kind} class="panel">
        <h2>{words(kind)}</h2>
        <p class="total">
          {count.toLocaleString()} <span class="quiet">waiting</span>
        </p>
        <p class="quiet">
          {count > 0 ? `The oldest for ${duration(oldest)}` : 'Nothing is waiting.'}
        </p>
      </div>
    ))}
  </div>
);

const Failed = ({ state: { failed } }: { state: State }) => (
  <section>
    <h2>Failed</h2>
    {failed.length === 0 ? (
      <Empty>Nothing has failed.</Empty>
    ) : (
      <>
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Kind</th>
                <th scope="col">Outcome</th>
                <th scope="col">Last error</th>
                <th scope="col" class="wide number">
                  Attempts
                </th>
                <th scope="col" class="wide">
                  Created
                </th>
                <th scope="col" class="wide">
                  ID
                </th>
              </tr>
            </thead>
            <tbody>
              {failed.map((entry) => (
                <tr key={entry.id}>
                  <td>{words(entry.kind)}</td>
                  <td>
                    <Badge tone="bad">{words(entry.outcome)}</Badge>
                  </td>
                  <td class="main">{entry.lastError ?? '–'}</td>
                  <td class="wide number">{entry.attempts}</td>
                  <td class="wide">
                    <Moment at={entry.createdAt} />
                  </td>
                  <td class="wide">
                    <code>{entry.id}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p class="quiet more">
          Retry an entry with <code>npx gatehouse outbox retry ID</code>.
        </p>
      </>
    )}
  </section>
);
