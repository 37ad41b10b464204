import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { KeyedMutex } from './concurrency/keyed-mutex.ts';
import type { ClientLimit } from './config/limits.ts';
import type { Config } from './config/load-config.ts';
import type { OneTimeCodes } from './ports/challenge-store.ts';
import type { Clock, NewId } from './ports/clock.ts';
import type { JobQueue } from './ports/job-queue.ts';

import type { Log, WarnOnce } from './ports/logger.ts';
import type { Passwords } from './ports/password-hasher.ts';
import type { ClientRateLimit, RateLimits } from './ports/rate-limits.ts';
import type { Sealer } from './ports/sealer.ts';
import type { Tokens } from './ports/tokens.ts';

/** Who asks, as far as the network tells. */
export interface Client {
  readonly ip: string;
  /** What limits are counted by: /32 for IPv4, /64 for IPv6. */
  readonly prefix: string;
  /** The client's networks, widest first: /24 and /32 for IPv4; /48, /56 and /64 for IPv6. */
  readonly networks: readonly string[];
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
  readonly rateLimits: RateLimits;
  /** One for each limit that is declared on a field. */
  readonly clientRateLimits: Readonly<Record<ClientLimit, ClientRateLimit>>;
  readonly sealer: Sealer;
  readonly jobs: JobQueue;
  readonly keyedMutex: KeyedMutex;
  readonly warnOnce: WarnOnce;
}

/** What one request may use, and who asks. */
export interface Context extends Services {
  readonly em: SqlEntityManager;
  readonly client: Client;
  /** Its lines name the request. */
  readonly log: Log;
}
