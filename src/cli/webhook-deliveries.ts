import { type Command, Option } from 'commander';
import { operator } from '../administration/actor.ts';
import type { Context } from '../context.ts';
import * as inputs from '../webhooks/delivery-inputs.ts';
import { listDeliveries } from '../webhooks/list-deliveries.ts';
import { redeliver } from '../webhooks/redeliver.ts';
import { checkArguments, printing, type Terminal, tableOf, timeOf } from './command-line.ts';
import type { Open } from './user-output.ts';

interface ListOptions {
  readonly status?: string;
  readonly first: string;
  readonly after?: string;
}

/** The argument that names a webhook. */
export const WEBHOOK = ['<id>', 'the id of the webhook in the list'] as const;

/** Adds the commands about deliveries. */
export function defineDeliveries(webhooks: Command, terminal: Terminal, open: Open): void {
  const listing = webhooks
    .command('deliveries')
    .description('Lists the deliveries of a webhook, those of the newest events first.')
    .argument(...WEBHOOK)
    .addOption(
      new Option('--status <status>', 'only with this status').choices(inputs.deliveryStatuses),
    )
    .option('--first <number>', 'number of deliveries, at most 100', '20')
    .option('--after <cursor>', 'only deliveries after this cursor of an earlier page');
  printing(listing, terminal, (webhookId: string, options: ListOptions) =>
    open((ctx) => deliveries(ctx, webhookId, options)),
  );

  const repeating = webhooks
    .command('redeliver')
    .description('Sends a delivered or failed message again.')
    .argument('<id>', 'the id of the delivery');
  printing(repeating, terminal, (id: string) =>
    open(async (ctx) => {
      const data = await redeliver(ctx, operator, { id });
      return { data, lines: [`Sends ${id} again.`] };
    }),
  );
}

async function deliveries(ctx: Context, webhookId: string, { first, ...options }: ListOptions) {
  const given = { webhookId, first: Number(first), ...options, json: undefined };
  const page = checkArguments(inputs.deliveriesArguments, given);
  const { rows, hasMore } = await listDeliveries(ctx, page);
  const next = hasMore ? (rows.at(-1)?.cursor ?? null) : null;
  const data = { deliveries: rows.map(({ cursor: _cursor, ...row }) => row), next };
  if (rows.length === 0) return { data, lines: ['No deliveries.'] };
  const titles = ['id', 'type', 'status', 'attempts', 'created', 'last error'];
  const cells = rows.map(({ id, type, status, attempts, createdAt, lastError }) => [
    ...[id, type, status, `${attempts}`, timeOf(createdAt), lastError ?? '-'],
  ]);
  const lines = tableOf([titles, ...cells]);
  if (next) lines.push(`More deliveries: add --after ${next}`);
  return { data, lines };
}
