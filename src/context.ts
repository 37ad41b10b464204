import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { ClientBudget } from './client-ports.ts';
import type { OneTimeCodes } from './code-ports.ts';
import type { Config } from './config.ts';
import type { ClientLimit } from './limits.ts';
import type {
  Budgets,
  Clock,
  JobQueue,
  Log,
  NewId,
  Passwords,
  Sealer,
  Turns,
  WarnOnce,
} from './ports.ts';
import type { Tokens } from './token-ports.ts';

/** Who asks, as far as the network tells. */
export interface Client {
  readonly ip: string;
  /** What limits are counted by: /32 for IPv4, /64 for IPv6. */
  readonly prefix: string;
  readonly userAgent: string;
}

/** What lives as long as the process. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly codes: OneTimeCodes;
  readonly budgets: Budgets;
  /** One for each limit that is declared on a field. */
  readonly clientBudgets: Readonly<Record<ClientLimit, ClientBudget>>;
  readonly sealer: Sealer;
  readonly jobs: JobQueue;
  readonly turns: Turns;
  readonly warnOnce: WarnOnce;
}

/** What one request may use, and who asks. */
export interface Context extends Services {
  readonly em: SqlEntityManager;
  readonly client: Client;
  /** Its lines name the request. */
  readonly log: Log;
}
