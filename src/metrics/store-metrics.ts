import type { RedisClient } from '../adapters/redis.ts';
import type { Stores } from '../services.ts';

/** Makes a process report the state of its stores. */
export function watchStoreMetrics(stores: Stores, queueRedis: RedisClient): void {
  const { metrics, config, database, redis, poolState } = stores;
  const isUp = ({ downSince }: { readonly downSince: Date | undefined }) => (downSince ? 0 : 1);
  const clients = Object.entries({ requests: redis, queue: queueRedis });
  metrics.watch({
    postgresUp: () => isUp(database),
    postgresConnections: () => {
      const { busy, idle } = poolState();
      return [
        ['busy', busy],
        ['idle', idle],
      ];
    },
    postgresMax: () => config.databaseConnections,
    postgresWaiting: () => poolState().waiting,
    redisUp: () => clients.map(([name, { availability }]) => [name, isUp(availability)]),
    redisPending: () => clients.map(([name, { pending }]) => [name, pending]),
  });
}
