/** The part of Bee-Queue 2.0.0 that it does not export: loads its Lua scripts into Redis. */
declare module 'bee-queue/lib/lua/index.js' {
  import type { Redis } from 'ioredis';
  export function buildCache(client: Redis): Promise<unknown>;
}
