/**
 * Measured figures of the capacity model. Measure them again with `npm run capacity-points -- costs` and
 * `-- bytes`; `npm run capacity-points` compares the model with a running installation.
 */

/** Cost of one operation, with the mails and audit events that it causes. */
export interface OperationCost {
  /** CPU time in microseconds. */
  readonly server: number;
  readonly worker: number;
  readonly postgres: number;
  readonly redis: number;
  /** As in docs/explain/performance.md. */
  readonly statements: number;
  readonly redisRoundTrips: number;
  /** Bytes of PostgreSQL's write-ahead log. */
  readonly wal: number;
  /** Bytes of the request and the response, without TLS. */
  readonly network: number;
}

const cost = (
  [server, worker, postgres, redis]: readonly [number, number, number, number],
  [statements, redisRoundTrips]: readonly [number, number],
  [wal, network]: readonly [number, number],
): OperationCost => ({
  ...{ server, worker, postgres, redis },
  ...{ statements, redisRoundTrips, wal, network },
});

/**
 * On the machine of docs/explain/performance.md, at a tenth to half of a core, while other programs used
 * the rest. The table there is of saturation, where processes handle several requests at each wake-up.
 * `me` and `auditLogs` are with a token that is new to the process. A page of 20 events of `auditLogs` was
 * measured later, beside `me`: it took 2.5 times the server's and 5.7 times PostgreSQL's CPU time.
 */
export const operationCosts = {
  login: cost([11_904, 3795, 3534, 1006], [2, 4], [8201, 1117]),
  requestOtp: cost([1098, 2078, 1859, 408], [2, 2], [6394, 1111]),
  verifyOtp: cost([1456, 464, 2185, 447], [4, 3], [3278, 2647]),
  refreshTokens: cost([1106, 422, 1490, 166], [3, 0], [2828, 2972]),
  me: cost([338, 69, 125, 9], [1, 0], [0, 1796]),
  auditLogs: cost([847, 0, 718, 0], [2, 0], [0, 9291]),
} satisfies Record<string, OperationCost>;

/**
 * Cost of a page of `auditLogs` that `DATABASE_READ_URL` takes off the primary: all but the check of the
 * token, which `me` consists of.
 */
export const movableCost = {
  postgres: operationCosts.auditLogs.postgres - operationCosts.me.postgres,
  statements: operationCosts.auditLogs.statements - operationCosts.me.statements,
};

/** Cores that an idle process uses. */
export const idleCores = { server: 0.021, worker: 0.023, postgres: 0.004, redis: 0.002 };

/** Bytes of a row with its indexes. */
export const rowBytes = {
  account: 510,
  session: 554,
  /** With its share of a seal. */
  auditEvent: 640,
  /** With the versions that its updates leave until the next vacuum. */
  outboxEntry: 1150,
  redeemedChallenge: 258,
};

/** Bytes of Redis' memory, with the tables of keys and of expiries. */
export const redisBytes = {
  /** Rate limits of an address and its mailbox, for a day after a mail. */
  address: 680,
  /** A code that can be redeemed. */
  openCode: 750,
  /** An empty Redis. */
  empty: 2_000_000,
};

/** Mails a second of one worker. A low figure, for safety (`npm run bench`, row 11). */
export const MAILS_OF_A_WORKER = 334;

/** Resident bytes of one server process after a minute of all operations (`npm run bench`, row 12). */
export const SERVER_MEMORY = 370 * 2 ** 20;
