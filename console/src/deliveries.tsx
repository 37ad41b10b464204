import { useState } from 'preact/hooks';
import type { WebhookDeliveryFieldsFragment } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { Confirm } from './dialog.tsx';
import { usePages } from './load.ts';
import { Badge, Empty, Failure, Loading, Moment, More, Select } from './parts.tsx';
import { linkTo, replaceRoute } from './route.ts';

type Status = WebhookDeliveryFieldsFragment['status'];

const tones = { PENDING: 'warn', DELIVERED: 'good', FAILED: 'bad' } as const;

/** Lists the deliveries of a webhook by status, and sends ended ones again. The URL holds the status. */
export function Deliveries({ webhookId, status }: { webhookId: string; status: string }) {
  const [repeated, setRepeated] = useState<WebhookDeliveryFieldsFragment>();
  const list = usePages(webhookId + status, (after) =>
    client.webhookDeliveries({
      webhookId,
      first: 25,
      ...(status && { status: status as Status }),
      ...(after && { after }),
    }),
  );
  return (
    <section>
      <h2>Deliveries</h2>
      <div class="filters">
        <Select
          label="Status"
          value={status}
          options={[
            ['', 'Any status'],
            ['PENDING', 'Pending'],
            ['DELIVERED', 'Delivered'],
            ['FAILED', 'Failed (dead letters)'],
          ]}
          onChange={(value) => replaceRoute(linkTo(`webhooks/${webhookId}`, { status: value }))}
        />
      </div>
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {!list.rows && list.isLoading && <Loading />}
      {list.rows?.length === 0 && <Empty>No delivery matches.</Empty>}
      {list.rows && list.rows.length > 0 && <Table rows={list.rows} repeat={setRepeated} />}
      <More has={list.hasMore} busy={list.isLoading} more={list.more} />
      {repeated && (
        <Confirm
          title="Send this message again?"
          action="Send again"
          run={() => client.redeliver({ id: repeated.id })}
          onDone={() => {
            setRepeated(undefined);
            list.reload();
          }}
          onClose={() => setRepeated(undefined)}
        >
          <p>
            The receiver gets <code>{repeated.type}</code> with the same <code>webhook-id</code>.
          </p>
        </Confirm>
      )}
    </section>
  );
}

interface TableProps {
  readonly rows: readonly WebhookDeliveryFieldsFragment[];
  repeat(delivery: WebhookDeliveryFieldsFragment): void;
}

const Table = ({ rows, repeat }: TableProps) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">Message</th>
          <th scope="col">Status</th>
          <th scope="col" class="wide number">
            Attempts
          </th>
          <th scope="col" class="wide">
            Created
          </th>
          <th scope="col">
            <span class="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((delivery) => (
          <tr key={delivery.id}>
            <td class="main" title={delivery.messageId}>
              {delivery.type}
              {delivery.lastError && <small>{delivery.lastError}</small>}
            </td>
            <td>
              <Badge tone={tones[delivery.status]}>{delivery.status.toLowerCase()}</Badge>
            </td>
            <td class="wide number">{delivery.attempts}</td>
            <td class="wide">
              <Moment at={delivery.createdAt} />
            </td>
            <td class="end">
              {delivery.status !== 'PENDING' && (
                <button type="button" class="link" onClick={() => repeat(delivery)}>
                  Send again<span class="hidden"> {delivery.type}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
