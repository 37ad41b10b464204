import { LRUCache } from 'lru-cache';
import type { ClientRateLimit, Limit, ProcessRateLimit } from '../ports/rate-limits.ts';
import type { RedisMemory } from './redis-memory.ts';
import { type RedisWindows, secondsOf, windowsOf } from './redis-windows.ts';

/** Clients that a process counts. Another one replaces the client that was idle longest. */
const MAX_CLIENTS = 50_000;

/** Attempts of a client in the current window, and the end of the window. */
interface Window {
  taken: number;
  /** Monotonic time in whole milliseconds. */
  readonly end: number;
}

/** Counts in Redis. While its memory is reserved for known clients, each process counts its own. */
export function createSharedRateLimit(
  name: string,
  limit: Limit,
  windows: RedisWindows,
  memory: RedisMemory,
): ClientRateLimit {
  const shared = createRedisRateLimit(name, limit, windows);
  // Made on first use: it takes more than a megabyte.
  let own: ClientRateLimit | undefined;
  const current = () => {
    if (!memory.isReserved) return shared;
    own ??= createProcessRateLimit(name, limit);
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

/** Counts in this process only, for operations that must work without Redis. Records no events. */
export function createProcessRateLimit(
  name: string,
  limit: Limit,
  maxClients = MAX_CLIENTS,
): ProcessRateLimit {
  const windows = new LRUCache<string, Window>({ max: maxClients });
  const { max, seconds } = limit;
  return {
    limit,
    consume(client) {
      // Whole milliseconds: a difference of fractions may be rounded to more than the window.
      const now = Math.trunc(performance.now());
      let window = windows.get(client);
      if (!window || window.end <= now) {
        window = { taken: 0, end: now + seconds * 1000 };
        windows.set(client, window);
      }
      const wait = secondsOf(window.end - now);
      // A rejected attempt consumes nothing.
      if (window.taken >= max) return { name, limit, left: 0, wait, exceeded: { name, wait } };
      window.taken += 1;
      return { name, limit, left: max - window.taken, wait, exceeded: undefined };
    },
    refund(client) {
      const window = windows.get(client);
      if (window && window.taken > 0) window.taken -= 1;
    },
  };
}
