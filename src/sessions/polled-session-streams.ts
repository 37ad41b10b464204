import type { Config } from '../config/load-config.ts';
import type { Services } from '../context.ts';
import { AuthError } from '../errors/auth-error.ts';
import { isOutage, traceOf } from '../errors/outage.ts';
import { OverloadedError } from '../errors/overloaded.ts';
import type { SessionStreams, StreamOwner } from '../ports/session-streams.ts';
import { iterateOnce } from './iterate-once.ts';
import { findActiveSessions } from './session-statements.ts';

/** Milliseconds between two checks. A device learns of the end of its session within a second. */
const INTERVAL = 500;
/** Seconds after which a client may try again. */
const WAIT = 60;

interface Stream {
  readonly owner: StreamOwner;
  end(sessionId?: string): void;
}

type Parts = Pick<Services, 'clock' | 'log' | 'metrics' | 'sql'> & {
  readonly config: Pick<Config, 'streams' | 'accountStreams' | 'clientStreams' | 'connections'>;
};

/**
 * Asks PostgreSQL about the sessions of all streams of this process by one statement. The row of the
 * session is the only place that every cause of its end passes, in every process and command.
 */
export class PolledSessionStreams implements SessionStreams {
  readonly #parts: Parts;
  readonly #open = new Set<Stream>();
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#open.size;
  }

  open(owner: StreamOwner): AsyncIterableIterator<string> {
    this.#checkLimits(owner);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const stream: Stream = {
      owner,
      end: (sessionId) => {
        this.#open.delete(stream);
        if (this.size === 0) this.#stop();
        resolve(sessionId);
      },
    };
    this.#open.add(stream);
    this.#timer ??= setInterval(() => void this.#check(), INTERVAL);
    return iterateOnce(promise, stream.end);
  }

  close(): void {
    this.#isClosed = true;
    for (const stream of this.#open) stream.end();
  }

  #checkLimits({ accountId, prefix }: StreamOwner): void {
    const { streams, accountStreams, clientStreams, connections } = this.#parts.config;
    if (this.#isClosed) throw new OverloadedError(1);
    const reject = (limit: string, error: Error) => {
      this.#parts.metrics.add('limits', [limit]);
      throw error;
    };
    const owners = Array.from(this.#open, ({ owner }) => owner);
    const tooMany = (whose: string) =>
      new AuthError('RATE_LIMITED', `Too many open subscriptions of this ${whose}`, {
        retryAfter: WAIT,
      });
    if (owners.filter((each) => each.accountId === accountId).length >= accountStreams) {
      reject('LIMIT_ACCOUNT_STREAMS', tooMany('account'));
    }
    if (owners.filter((each) => each.prefix === prefix).length >= clientStreams) {
      reject('LIMIT_CLIENT_STREAMS', tooMany('IP'));
    }
    // A stream holds its connection, and other requests need some too.
    const most = Math.min(streams, Math.ceil(connections / 2));
    if (owners.length >= most) reject('LIMIT_STREAMS', new OverloadedError(WAIT));
  }

  /** Ends the streams whose access token has expired, or whose session has ended. */
  async #check(): Promise<void> {
    const { clock, log, sql } = this.#parts;
    const now = clock.now();
    for (const { owner, end } of this.#open) if (owner.expiresAt * 1000 <= now.getTime()) end();
    if (this.#isChecking || this.size === 0) return;
    this.#isChecking = true;
    try {
      const asked = [...this.#open];
      const ids = new Set(asked.map(({ owner }) => owner.sessionId));
      const active = await sql.query(findActiveSessions, [[...ids], now]);
      for (const { id } of active) ids.delete(id);
      for (const { owner, end } of asked) if (ids.has(owner.sessionId)) end(owner.sessionId);
    } catch (error) {
      // No session can end in an outage. The next check finds those that ended before.
      if (!isOutage(error)) log.error(traceOf(error), 'Cannot check the sessions of subscriptions');
    } finally {
      this.#isChecking = false;
    }
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
