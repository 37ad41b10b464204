import { setTimeout as pause } from 'node:timers/promises';
import { causeOf } from '../errors/outage-diagnosis.ts';
import {
  findPrimary,
  isReadOnlyQuery,
  NoPrimaryError,
  type Primary,
  type Server,
} from './find-primary.ts';
import type { Client, FailedQuery, Pool } from './pool.ts';

/** Milliseconds within which a failed connection attempt leaves time for a search. */
const QUICK = 300;
/** Message of the pool when all its connections are busy, which says nothing about the server. */
const POOL_IS_BUSY = 'timeout exceeded when trying to connect';

interface FollowOptions {
  /** Milliseconds that a caller waits for a search. */
  readonly patience: number;
  /** Called before the first connection to another server. */
  readonly onChange: () => void;
}

/** Looks for the primary when it is unknown. Calls share one search. */
class PrimarySearch {
  current: Primary | undefined;
  isKnown = false;
  readonly #pool: Pool;
  readonly #servers: readonly Server[];
  readonly #options: FollowOptions;
  #running: Promise<void> | undefined;

  constructor(pool: Pool, servers: readonly Server[], options: FollowOptions) {
    this.#pool = pool;
    this.#servers = servers;
    this.#options = options;
  }

  /** Rejects after `patience`, while the search goes on. */
  async find(): Promise<void> {
    this.#running ??= this.#search().finally(() => {
      this.#running = undefined;
    });
    const late = pause(this.#options.patience, undefined, { ref: false }).then(() => {
      throw new NoPrimaryError('No server has said yet that it is the primary.');
    });
    await Promise.race([this.#running, late]);
  }

  async #search(): Promise<void> {
    const open = (own: Record<string, unknown>) => new this.#pool.Client(own);
    const primary = await findPrimary(this.#servers, open, this.current?.timeline);
    if (this.current && this.current.server !== primary.server) this.#options.onChange();
    Object.assign(this.#pool.options, primary.server);
    this.current = primary;
    this.isKnown = true;
  }
}

/**
 * Connects the pool to the one of several servers that accepts writes, and to the next one after a
 * failover. A connection to any other server is refused.
 *
 * @returns a hook for failed statements: if it was the server's failure, the next connection waits
 *   for a search
 */
export function followPrimary(pool: Pool, servers: readonly Server[], options: FollowOptions) {
  const search = new PrimarySearch(pool, servers, options);
  // An attempt that began before a failover can succeed after it.
  refuseOthers(
    pool,
    ({ host, port }) => host === search.current?.host && port === search.current.port,
  );
  const connect = pool.connect.bind(pool);
  pool.connect = async () => {
    if (!search.isKnown) await search.find();
    const startedAt = Date.now();
    try {
      return await connect();
    } catch (error) {
      if ((error as Error).message === POOL_IS_BUSY || !isServerFailure(error)) throw error;
      search.isKnown = false;
      const found = search.find();
      found.catch(() => undefined);
      if (Date.now() - startedAt > QUICK) throw error;
      await found;
      return connect();
    }
  };
  return ({ error }: FailedQuery) => {
    if (isServerFailure(error)) search.isKnown = false;
  };
}

/** Whether another server may be the primary now. */
function isServerFailure(error: unknown): boolean {
  const cause = causeOf(error);
  return cause?.losesConnections === true || cause?.verb === 'cannot connect to';
}

/** Refuses new connections to another server than the primary, and to one that is a replica now. */
function refuseOthers(pool: Pool, isToPrimary: (client: Client) => boolean): void {
  const { verify } = pool.options;
  const check = async (client: Client) => {
    const result = await client.query(isReadOnlyQuery);
    const { rows } = result as { readonly rows: readonly { readonly isReadOnly: boolean }[] };
    if (rows[0]?.isReadOnly || !isToPrimary(client))
      throw new NoPrimaryError('The server is not the primary.');
  };
  pool.options.verify = (client, done) => {
    const checkNext = (error?: Error) =>
      error ? done(error) : void check(client).then(() => done(), done);
    if (verify) verify(client, checkNext);
    else checkNext();
  };
}
