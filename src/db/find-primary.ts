import { setTimeout as pause } from 'node:timers/promises';
import { causeOf } from '../errors/outage-diagnosis.ts';

/** Milliseconds that a server may take to accept a connection, and to respond to a statement. */
const RESPONSE = 1500;
/** Milliseconds to wait for further primaries after the first one has responded. */
const GRACE = 200;
/** Milliseconds after which a search has ended: a connection and two statements. */
export const LONGEST_SEARCH = 3 * RESPONSE + GRACE;

/** Tells whether a server is in recovery, or accepts no writes of this role. */
export const isReadOnlyQuery = `select pg_is_in_recovery() or
  current_setting('transaction_read_only')::bool as "isReadOnly"`;

/** A failover starts a new timeline. Other products may not have this function. */
const timelineQuery = 'select pg_walfile_name(pg_current_wal_lsn()) as file';

/** Columns of the queries above. */
interface Answer {
  readonly isReadOnly?: boolean;
  readonly file?: string;
}

/** A client of node-postgres that belongs to no pool. */
export interface OwnClient {
  connect(): Promise<unknown>;
  query(text: string): Promise<{ readonly rows: readonly Answer[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
  readonly host: string;
  readonly port: number;
}

/** Connects to a server with these options of node-postgres. */
export type OpenClient = (options: Record<string, unknown>) => OwnClient;

/** Options of node-postgres for one of several servers. */
export type Server = Readonly<Record<string, unknown>>;

/** No server of several can be written to. */
export class NoPrimaryError extends Error {
  override readonly name = 'NoPrimaryError';
  readonly code = 'ENOPRIMARY';
}

/** A server that accepts writes. */
export interface Primary {
  readonly server: Server;
  readonly host: string;
  readonly port: number;
  /** In hexadecimal digits, so that texts sort like numbers; empty if unknown. */
  readonly timeline: string;
}

/**
 * Asks all servers at once, and returns the primary. If several accept writes, because an old
 * primary has come back, returns the one with the newest timeline.
 *
 * @param newest timeline of the last primary: an older one was replaced, and its writes are lost
 * @throws NoPrimaryError, or what an operator must correct
 */
export async function findPrimary(
  servers: readonly Server[],
  open: OpenClient,
  newest = '',
): Promise<Primary> {
  const found: Primary[] = [];
  const errors: unknown[] = [];
  const first = Promise.withResolvers<void>();
  const asked = servers.map(async (server) => {
    try {
      const primary = await askServer(server, open);
      if (primary.timeline && primary.timeline < newest)
        throw new NoPrimaryError('Another server has replaced this one.');
      found.push(primary);
      first.resolve();
    } catch (error) {
      errors.push(error);
    }
  });
  await Promise.race([Promise.all(asked), first.promise.then(() => pause(GRACE))]);
  // The order of the setting decides between equals.
  const [primary] = found.sort(
    (a, b) =>
      b.timeline.localeCompare(a.timeline) || servers.indexOf(a.server) - servers.indexOf(b.server),
  );
  if (primary) return primary;
  const wrong = errors.find((error) => causeOf(error)?.isMisconfigured);
  const readOnly = errors.find((error) => error instanceof NoPrimaryError);
  throw wrong ?? readOnly ?? errors[0];
}

/** Returns a server with its timeline. @throws NoPrimaryError if the server accepts no writes */
async function askServer(server: Server, open: OpenClient): Promise<Primary> {
  const bounds = { connectionTimeoutMillis: RESPONSE, query_timeout: RESPONSE };
  const client = open({ ...server, ...bounds });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(isReadOnlyQuery);
    if (rows[0]?.isReadOnly !== false) throw new NoPrimaryError('The server accepts no writes.');
    const timeline = await client.query(timelineQuery).catch(() => undefined);
    const { host, port } = client;
    return { server, host, port, timeline: timeline?.rows[0]?.file?.slice(0, 8) ?? '' };
  } finally {
    void client.end().catch(() => undefined);
  }
}
