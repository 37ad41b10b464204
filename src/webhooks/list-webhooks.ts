import type { Context } from '../context.ts';
import { type ListedWebhook, selectWebhooks } from './webhook-statements.ts';

/** Lists all webhooks, the newest first. */
export const listWebhooks = ({ sql }: Pick<Context, 'sql'>): Promise<ListedWebhook[]> =>
  sql.query(selectWebhooks);
