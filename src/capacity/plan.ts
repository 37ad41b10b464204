import type { Demand } from './demand.ts';
import { idleCores, MAILS_OF_A_WORKER, movableCost, SERVER_MEMORY } from './measured-costs.ts';

/** Share of a core, or of a worker's rate, that the load may use at the peak. The rest is for failures. */
export const USABLE = 0.6;
/** A second one continues while the first restarts. */
const AT_LEAST = 2;
/** Connections to PostgreSQL that a server process and a worker open at most. */
const CONNECTIONS = { server: 4, worker: 10 };
/** Connections to Redis, likewise. */
const REDIS_CONNECTIONS = { server: 2, worker: 4 };

/** How many of each part an installation needs. Sizes are bytes, of network and log bytes a second. */
export interface Plan {
  /** Each has a core. */
  readonly serverProcesses: number;
  readonly serverMemory: number;
  readonly workers: number;
  readonly postgres: {
    readonly cores: number;
    /** Load at the peak that `DATABASE_READ_URL` takes off the primary. */
    readonly movable: { readonly cores: number; readonly statements: number };
    readonly statements: number;
    readonly connections: number;
    readonly walPerSecond: number;
    readonly bytes: number;
    readonly bytesPerYear: number;
  };
  readonly redis: {
    readonly cores: number;
    readonly commands: number;
    readonly connections: number;
    readonly memory: number;
  };
  readonly mailsPerDay: number;
  readonly mailsPerSecond: number;
  readonly networkPerSecond: number;
}

/** Returns the smallest number of whole units that carry the load at the peak. */
const units = (load: number, ofOne = 1): number => Math.ceil(load / (ofOne * USABLE));

export function planFor({ atPeak, ...demand }: Demand): Plan {
  const mailsPerSecond = demand.rates.verifyOtp;
  const serverProcesses = Math.max(AT_LEAST, units(atPeak.server, 1 - idleCores.server));
  const workers = Math.max(
    AT_LEAST,
    units(mailsPerSecond, MAILS_OF_A_WORKER),
    units(atPeak.worker, 1 - idleCores.worker),
  );
  const connections = (each: Readonly<Record<'server' | 'worker', number>>) =>
    serverProcesses * each.server + workers * each.worker;
  return {
    serverProcesses,
    serverMemory: serverProcesses * SERVER_MEMORY,
    workers,
    postgres: {
      cores: units(atPeak.postgres + idleCores.postgres),
      movable: {
        cores: (demand.rates.auditLogs * movableCost.postgres) / 1e6,
        statements: demand.rates.auditLogs * movableCost.statements,
      },
      statements: atPeak.statements,
      connections: connections(CONNECTIONS),
      walPerSecond: atPeak.wal,
      bytes: demand.steadyBytes,
      bytesPerYear: demand.yearlyBytes,
    },
    redis: {
      cores: atPeak.redis + idleCores.redis,
      commands: atPeak.redisRoundTrips,
      connections: connections(REDIS_CONNECTIONS),
      memory: demand.redisMemory,
    },
    mailsPerDay: demand.mailsPerDay,
    mailsPerSecond,
    networkPerSecond: atPeak.network,
  };
}
