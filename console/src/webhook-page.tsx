import { useState } from 'preact/hooks';
import type { WebhookFieldsFragment } from '../../client/generated/graphql.ts';
import type { Result } from '../../client/src/result.ts';
import { client } from './client.ts';
import { Deliveries } from './deliveries.tsx';
import { Confirm } from './dialog.tsx';
import { useLoad } from './load.ts';
import { Copy, Failure, Heading, Loading, Moment } from './parts.tsx';
import { linkTo, type Params } from './route.ts';
import { dayText } from './texts.ts';
import { hostOf, WebhookState } from './webhooks.tsx';

/** Shows a webhook with its deliveries, and what an administrator can do. */
export function WebhookPage({ id, params }: { id: string; params: Params }) {
  const found = useLoad(id, () => client.webhooks());
  const [action, setAction] = useState<Action>();
  const webhook = found.data?.find((each) => each.id === id);
  if (!webhook) {
    return (
      <>
        <Heading title="Webhook" />
        {found.error && <Failure error={found.error} retry={found.reload} />}
        {!found.error && (found.data ? <p>This webhook does not exist.</p> : <Loading />)}
      </>
    );
  }
  const finish = () => {
    setAction(undefined);
    if (action?.name === 'Delete') location.hash = linkTo('webhooks');
    else found.reload();
  };
  return (
    <>
      <p class="back">
        <a href={linkTo('webhooks')}>Webhooks</a>
      </p>
      <Heading title={hostOf(webhook)} lead={webhook.description}>
        {actionsFor(webhook).map((each) => (
          <button
            key={each.name}
            type="button"
            class={each.name === 'Delete' ? 'danger' : ''}
            onClick={() => setAction(each)}
          >
            {each.name}
          </button>
        ))}
      </Heading>
      <Facts webhook={webhook} />
      <Deliveries webhookId={id} status={params.status ?? ''} />
      {action && (
        <Confirm
          title={`${action.name}?`}
          action={action.name}
          isDangerous={action.name !== 'Switch on'}
          run={action.run}
          onDone={finish}
          onClose={() => setAction(undefined)}
        >
          <p>{action.text}</p>
        </Confirm>
      )}
    </>
  );
}

interface Action {
  readonly name: 'Switch on' | 'Switch off' | 'Delete';
  readonly text: string;
  run(): Promise<Result<unknown>>;
}

function actionsFor({ id, disabledAt }: WebhookFieldsFragment): Action[] {
  return [
    disabledAt
      ? {
          name: 'Switch on',
          text: 'Messages that wait are sent at once. Events from the time when it was off are not sent.',
          run: () => client.updateWebhook({ id, enabled: true }),
        }
      : {
          name: 'Switch off',
          text: 'It gets no messages until you switch it on. It misses the events until then.',
          run: () => client.updateWebhook({ id, enabled: false }),
        },
    {
      name: 'Delete',
      text: 'This deletes the secret and all deliveries, and cannot be undone.',
      run: () => client.deleteWebhook({ id }),
    },
  ];
}

const Facts = ({ webhook }: { webhook: WebhookFieldsFragment }) => (
  <section class="panel">
    <dl>
      <dt>State</dt>
      <dd>
        <WebhookState webhook={webhook} />
      </dd>
      {webhook.failingSince && (
        <>
          <dt>Failing since</dt>
          <dd>
            <Moment at={webhook.failingSince} />
          </dd>
        </>
      )}
      <dt>URL</dt>
      <dd>
        <code>{webhook.url}</code>
      </dd>
      <dt>Types</dt>
      <dd>{webhook.events.join(', ')}</dd>
      <dt>Created</dt>
      <dd>{dayText(webhook.createdAt)}</dd>
      <dt>ID</dt>
      <dd>
        <code>{webhook.id}</code> <Copy text={webhook.id} />
      </dd>
    </dl>
  </section>
);
