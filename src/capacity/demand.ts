import { type OperationCost, operationCosts, redisBytes, rowBytes } from './measured-costs.ts';

/** Number of users, and their load. */
export interface Habits {
  readonly users: number;
  /** Sign-ins of a user. Each ends with a mailed code. */
  readonly loginsPerDay: number;
  /** Share of the sign-ins that begin with a password, from 0 to 1. */
  readonly passwordShare: number;
  readonly refreshesPerDay: number;
  /** Other requests of a user, such as `me`. */
  readonly readsPerDay: number;
  /** Pages of `auditLogs`, for each user. */
  readonly auditPagesPerDay: number;
  /** Load at the peak, divided by the average. */
  readonly peak: number;
  /** `AUDIT_RETENTION_DAYS`; 0 keeps audit events forever. */
  readonly retentionDays: number;
}

export type Operation = keyof typeof operationCosts;

/** Load of an installation. Times are seconds, sizes bytes. */
export interface Demand {
  /** Operations a second at the peak. */
  readonly rates: Readonly<Record<Operation, number>>;
  readonly mailsPerDay: number;
  readonly auditEventsPerDay: number;
  /** Cost of all operations of a second at the peak. CPU time in cores. */
  readonly atPeak: OperationCost;
  /** Tables that stop growing. */
  readonly steadyBytes: number;
  /** Growth of a year, after the first one. */
  readonly yearlyBytes: number;
  readonly redisMemory: number;
}

const DAY = 86_400;
/** Longest life of a session, and how long it is kept after its end. */
const SESSION_DAYS = 30 + 30;
/** A month of audit events goes when all of its events are older than the retention. */
const MONTH_DAYS = 31;
/** Lifetime of a code: `OTP_TTL`. */
const CODE_SECONDS = 300;

export function demandOf(habits: Habits): Demand {
  const { users, peak, passwordShare, retentionDays } = habits;
  const logins = users * habits.loginsPerDay;
  const refreshes = users * habits.refreshesPerDay;
  const perDay: Record<Operation, number> = {
    login: logins * passwordShare,
    requestOtp: logins * (1 - passwordShare),
    verifyOtp: logins,
    refreshTokens: refreshes,
    me: users * habits.readsPerDay,
    auditLogs: users * habits.auditPagesPerDay,
  };
  const rates = mapValues(perDay, (count) => (count / DAY) * peak);
  const auditEventsPerDay = 2 * logins + refreshes;
  const auditOfADay = auditEventsPerDay * rowBytes.auditEvent;
  const outbox = (auditEventsPerDay + logins) * rowBytes.outboxEntry;
  return {
    ...{ rates, mailsPerDay: logins, auditEventsPerDay },
    atPeak: costOf(rates),
    steadyBytes:
      users * rowBytes.account +
      logins * SESSION_DAYS * rowBytes.session +
      logins * rowBytes.redeemedChallenge +
      outbox +
      (retentionDays > 0 ? auditOfADay * (retentionDays + MONTH_DAYS) : 0),
    yearlyBytes: retentionDays > 0 ? 0 : auditOfADay * 365,
    redisMemory:
      redisBytes.empty +
      Math.min(users, logins) * redisBytes.address +
      rates.verifyOtp * CODE_SECONDS * redisBytes.openCode,
  };
}

/** Returns the cost of all operations together. Microseconds a second become cores. */
function costOf(rates: Demand['rates']): OperationCost {
  const operations = Object.keys(operationCosts) as Operation[];
  const sum = (field: keyof OperationCost) =>
    operations.reduce((total, name) => total + rates[name] * operationCosts[name][field], 0);
  return {
    server: sum('server') / 1e6,
    worker: sum('worker') / 1e6,
    postgres: sum('postgres') / 1e6,
    redis: sum('redis') / 1e6,
    statements: sum('statements'),
    redisRoundTrips: sum('redisRoundTrips'),
    wal: sum('wal'),
    network: sum('network'),
  };
}

function mapValues<Key extends string>(
  record: Readonly<Record<Key, number>>,
  change: (value: number) => number,
): Record<Key, number> {
  const entries = Object.entries<number>(record).map(([key, value]) => [key, change(value)]);
  return Object.fromEntries(entries) as Record<Key, number>;
}
