import { type Command, Option } from 'commander';
import { operator } from '../administration/actor.ts';
import type { Context } from '../context.ts';
import { createWebhook } from '../webhooks/create-webhook.ts';
import { deleteWebhook } from '../webhooks/delete-webhook.ts';
import { listWebhooks } from '../webhooks/list-webhooks.ts';
import { rotateWebhookSecret } from '../webhooks/rotate-webhook-secret.ts';
import { updateWebhook } from '../webhooks/update-webhook.ts';
import * as inputs from '../webhooks/webhook-inputs.ts';
import { withRuntime } from './command-config.ts';
import {
  checkArguments,
  type Define,
  type Output,
  printing,
  type Terminal,
  tableOf,
  timeOf,
} from './command-line.ts';
import type { Open } from './user-output.ts';
import { defineDeliveries, WEBHOOK } from './webhook-deliveries.ts';

interface Changes {
  readonly url?: string;
  readonly events?: string[];
  readonly description?: string;
  readonly on?: true;
  readonly off?: true;
}

const STORE = 'Store the secret now. It is not shown again.';

export const define: Define = (webhooks, terminal) => {
  const open: Open = (work) => withRuntime(terminal, 'webhooks', work);
  defineCreation(webhooks, terminal, open);
  const listing = webhooks.command('list').description('Lists all webhooks, the newest first.');
  printing(listing, terminal, () => open(list));
  defineUpdate(webhooks, terminal, open);
  defineSecretsAndDeletion(webhooks, terminal, open);
  defineDeliveries(webhooks, terminal, open);
};

function defineCreation(webhooks: Command, terminal: Terminal, open: Open): void {
  const creation = webhooks
    .command('create')
    .description('Creates a webhook and prints its secret, once.')
    .argument('<url>', 'where messages are sent')
    .argument('<events...>', 'types of messages, such as user.created')
    .option('--description <text>', 'what the webhook is for');
  printing(creation, terminal, (url: string, events: string[], options: Changes) =>
    open(async (ctx) => {
      const given = { url, events, description: options.description };
      const input = checkArguments(inputs.createWebhookInput, given);
      const data = await createWebhook(ctx, operator, input);
      return { data, lines: [`Created ${data.id}.`, data.secret, STORE] };
    }),
  );
}

function defineUpdate(webhooks: Command, terminal: Terminal, open: Open): void {
  const changing = webhooks
    .command('update')
    .description('Changes a webhook, or switches it on or off.')
    .argument(...WEBHOOK)
    .option('--url <url>', 'where messages are sent')
    .option('--events <types...>', 'types of messages')
    .option('--description <text>', 'what the webhook is for')
    .addOption(new Option('--on', 'switch it on').conflicts('off'))
    .option('--off', 'switch it off; messages wait');
  printing(changing, terminal, (id: string, { on, off, ...changes }: Changes) =>
    open(async (ctx) => {
      const enabled = on ?? (off ? false : undefined);
      const given = { id, ...changes, enabled, json: undefined };
      const data = await updateWebhook(
        ctx,
        operator,
        checkArguments(inputs.updateWebhookInput, given),
      );
      return { data, lines: [`Changed ${id}.`] };
    }),
  );
}

function defineSecretsAndDeletion(webhooks: Command, terminal: Terminal, open: Open): void {
  const add = (name: string, description: string) =>
    webhooks.command(name).description(description);
  const deletion = add('delete', 'Deletes a webhook with its deliveries.').argument(...WEBHOOK);
  printing(deletion, terminal, (id: string) =>
    open(async (ctx) => {
      await deleteWebhook(ctx, operator, { id });
      return { data: { id }, lines: [`Deleted ${id}.`] };
    }),
  );

  const rotation = add(
    'rotate-secret',
    'Prints a new secret, once. The former one signs too, for 24 hours.',
  ).argument(...WEBHOOK);
  printing(rotation, terminal, (id: string) =>
    open(async (ctx) => {
      const data = await rotateWebhookSecret(ctx, operator, { id });
      return { data, lines: [data.secret, STORE] };
    }),
  );
}

async function list(ctx: Context): Promise<Output> {
  const data = await listWebhooks(ctx);
  if (data.length === 0) return { data, lines: ['No webhooks.'] };
  const titles = ['id', 'state', 'url', 'events', 'description'];
  const rows = data.map(({ id, url, events, description, failingSince, disabledAt }) => {
    const failing = failingSince ? `failing since ${timeOf(failingSince)}` : 'on';
    const state = disabledAt ? `off since ${timeOf(disabledAt)}` : failing;
    return [id, state, url, events.join(' '), description];
  });
  return { data, lines: tableOf([titles, ...rows]) };
}
