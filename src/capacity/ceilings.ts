import { type Plan, USABLE } from './plan.ts';

/** The largest machines that an operator wants to run. */
export interface LargestMachines {
  readonly postgresCores: number;
  /** Bytes. */
  readonly postgresDisk: number;
  /** Bytes. */
  readonly redisMemory: number;
}

/** A part that cannot grow without end. */
export interface Ceiling {
  readonly part: string;
  /** Share of the ceiling that the plan uses; above 1 it is exceeded. */
  readonly used: number;
  readonly cure: string;
}

/** Connections from which their memory and snapshots cost PostgreSQL more than the statements. */
const MAX_CONNECTIONS = 500;
/** One balancer with 10 Gbit/s, in bytes a second. */
const BALANCER = 1.25e9;

/** Returns the parts that end, the first one first. */
export function ceilingsOf(plan: Plan, largest: LargestMachines): Ceiling[] {
  const { postgres, redis } = plan;
  return [
    {
      part: 'PostgreSQL CPU time',
      used: postgres.cores / largest.postgresCores,
      cure: `${postgres.movable.cores > 0 ? 'DATABASE_READ_URL for lists, ' : ''}a larger primary, then cells (docs/decisions/028-cells.md)`,
    },
    {
      part: 'PostgreSQL disk',
      used: (postgres.bytes + postgres.bytesPerYear) / largest.postgresDisk,
      cure: postgres.bytesPerYear > 0 ? 'AUDIT_RETENTION_DAYS' : 'a larger disk, then cells',
    },
    {
      part: 'PostgreSQL connections',
      used: postgres.connections / MAX_CONNECTIONS,
      cure: 'PgBouncer',
    },
    {
      part: 'Redis CPU time (one core)',
      used: redis.cores / USABLE,
      cure: 'QUEUE_REDIS_URL for the queues, then Redis Cluster',
    },
    { part: 'Redis memory', used: redis.memory / largest.redisMemory, cure: 'Redis Cluster' },
    {
      part: 'balancer (10 Gbit/s)',
      used: plan.networkPerSecond / USABLE / BALANCER,
      cure: 'a second balancer',
    },
  ].toSorted((one, other) => other.used - one.used);
}
