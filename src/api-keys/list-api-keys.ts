import type { Context } from '../context.ts';
import { type ListedApiKey, selectApiKeys } from './api-key-statements.ts';

/** Lists all API keys, also expired ones, the newest first. */
export const listApiKeys = ({ sql }: Pick<Context, 'sql'>): Promise<ListedApiKey[]> =>
  sql.query(selectApiKeys);
