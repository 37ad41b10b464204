import type { WebhookFieldsFragment } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { useLoad } from './load.ts';
import { Badge, Empty, Failure, Heading, Loading } from './parts.tsx';
import { linkTo } from './route.ts';
import { dayText } from './texts.ts';

/** Lists the webhooks with their states. */
export function Webhooks() {
  const found = useLoad('', () => client.webhooks());
  const { data: webhooks, error } = found;
  return (
    <>
      <Heading
        title="Webhooks"
        lead={
          <>
            They receive events by HTTP. Create one with <code>npx gatehouse webhooks create</code>.
          </>
        }
      />
      {error && <Failure error={error} retry={found.reload} />}
      {!webhooks && !error && <Loading />}
      {webhooks?.length === 0 && <Empty>There is no webhook.</Empty>}
      {webhooks && webhooks.length > 0 && <Table webhooks={webhooks} />}
    </>
  );
}

const Table = ({ webhooks }: { webhooks: readonly WebhookFieldsFragment[] }) => (
  <div class="table">
    <table>
      <thead>
        <tr>
          <th scope="col">Receiver</th>
          <th scope="col">State</th>
          <th scope="col" class="wide number">
            Types
          </th>
          <th scope="col" class="wide">
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {webhooks.map((webhook) => (
          <tr key={webhook.id}>
            <td class="main">
              <a href={linkTo(`webhooks/${webhook.id}`)}>{hostOf(webhook)}</a>
              {webhook.description && <small>{webhook.description}</small>}
            </td>
            <td>
              <WebhookState webhook={webhook} />
            </td>
            <td class="wide number">{webhook.events.length}</td>
            <td class="wide">{dayText(webhook.createdAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Names a webhook without the path of its URL, which may be a secret. */
export const hostOf = ({ url }: WebhookFieldsFragment): string => new URL(url).host;

export function WebhookState({ webhook }: { webhook: WebhookFieldsFragment }) {
  const { disabledAt, failingSince } = webhook;
  if (disabledAt) return <Badge tone="bad">off</Badge>;
  return failingSince ? <Badge tone="warn">failing</Badge> : <Badge tone="good">on</Badge>;
}
