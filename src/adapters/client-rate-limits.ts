import { LRUCache } from 'lru-cache';
import type { ClientRateLimit, Limit, ServerRateLimit } from '../ports/rate-limits.ts';
import type { Peers } from './peer-processes.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf, windowsOf } from './redis-windows.ts';

/** Clients that a process counts. Another one replaces the client that was idle longest. */
const MAX_CLIENTS = 50_000;

/** Milliseconds between two messages to the other processes of a server. */
const INTERVAL = 100;

/** Attempts of a client in the current window, and the end of the window. */
interface Window {
  /** Attempts in all processes of the server. */
  taken: number;
  /** Part of `taken` that the other processes do not know. */
  untold: number;
  /** Monotonic time in whole milliseconds. */
  readonly end: number;
}

/** Counts in Redis. While its memory is reserved for known clients, each server counts its own. */
export function createSharedRateLimit(
  name: string,
  limit: Limit,
  windows: RedisWindows,
  memory: RedisMemory,
  peers?: Peers,
): ClientRateLimit {
  const shared = createRedisRateLimit(name, limit, windows);
  // Made on first use: it takes more than a megabyte.
  let own: ClientRateLimit | undefined;
  const current = () => {
    if (!memory.isReserved) return shared;
    own ??= createServerRateLimit(name, limit, peers);
    return own;
  };
  return {
    limit,
    consume: (client) => current().consume(client),
    refund: (client) => current().refund(client),
  };
}

function createRedisRateLimit(name: string, limit: Limit, windows: RedisWindows): ClientRateLimit {
  const limits = [{ name, subject: '', kind: 'shared', ...limit }] as const;
  const input = { limits: windowsOf(limits) };
  const keyOf = (client: string) => `client:${client}`;
  const { refund } = windows.limitsIn(keyOf);
  return {
    limit,
    async consume(client) {
      const key = keyOf(client);
      const window = await windows.redis.run('consumeWindow', [key], input);
      const [taken, milliseconds, reply = null] = window;
      const exceeded = windows.exceededOf(key, limits, client, reply);
      // After the limit was lowered, usage may already exceed it.
      const left = Math.max(0, limit.max - taken);
      return { name, limit, left, wait: secondsOf(milliseconds), exceeded };
    },
    refund: (client) => refund(client, limits),
  };
}

/**
 * Counts in this server only, for operations that must work without Redis. Records no events. The
 * processes of a server tell each other what they count, a tenth of a second later.
 */
export function createServerRateLimit(
  name: string,
  limit: Limit,
  peers?: Peers,
  maxClients = MAX_CLIENTS,
): ServerRateLimit {
  const { max, seconds } = limit;
  const windows = new LRUCache<string, Window>({ max: maxClients });
  const windowOf = (client: string, now: number, left = seconds * 1000): Window => {
    const known = windows.get(client);
    if (known && known.end > now) return known;
    const window = { taken: 0, untold: 0, end: now + left };
    windows.set(client, window);
    return window;
  };
  const tell = peers && exchange(name, max, windowOf, peers);
  const add = (client: string, window: Window, attempts: number) => {
    window.taken += attempts;
    window.untold += attempts;
    tell?.(client, window);
  };
  return {
    limit,
    consume(client) {
      const now = monotonic();
      const window = windowOf(client, now);
      const wait = secondsOf(window.end - now);
      // A rejected attempt consumes nothing.
      if (window.taken >= max) return { name, limit, left: 0, wait, exceeded: { name, wait } };
      add(client, window, 1);
      return { name, limit, left: max - window.taken, wait, exceeded: undefined };
    },
    refund(client) {
      const window = windows.get(client);
      if (window && window.taken > 0) add(client, window, -1);
    },
  };
}

/** Whole milliseconds: a difference of fractions may be rounded to more than the window. */
const monotonic = () => Math.trunc(performance.now());

/**
 * Exchanges attempts with the other processes. Returns a function that tells those of a window at
 * the end of an interval, unless they are too few to matter: half the limit, in all processes.
 */
function exchange(
  name: string,
  max: number,
  windowOf: (client: string, now: number, left: number) => Window,
  peers: Peers,
) {
  const waiting = new Map<string, Window>();
  const send = () => {
    const now = monotonic();
    const attempts = Array.from(
      waiting,
      ([client, { untold, end }]) => [client, untold, end - now] as const,
    );
    for (const window of waiting.values()) window.untold = 0;
    waiting.clear();
    peers.tell(name, attempts);
  };
  const tell = (client: string, window: Window) => {
    if (window.taken * 2 * peers.processes < max) return;
    if (waiting.size === 0) setTimeout(send, INTERVAL).unref();
    waiting.set(client, window);
  };
  peers.listen(name, (attempts) => {
    const now = monotonic();
    for (const [client, count, left] of attempts) {
      if (left <= 0) continue;
      const window = windowOf(client, now, left);
      window.taken = Math.max(0, window.taken + count);
      if (window.untold !== 0) tell(client, window);
    }
  });
  return tell;
}
