import { setTimeout as pause } from 'node:timers/promises';
import type { Sql, Statement } from '../ports/sql.ts';

/** Milliseconds for which a check is valid. It is repeated once a second. */
const VALIDITY = 3000;
/** Seconds that the state of a replica in use can exceed the maximum lag: a check, and its validity. */
export const UNCERTAINTY = 5;
/** Samples that are kept. Twice as many are merged in pairs. */
const MAX_SAMPLES = 100;

/** `position` is the byte in the write-ahead log that was written last, or replayed last. */
const readPosition: Statement<{ isReplica: boolean; position: string }> = {
  name: 'replica-position',
  text: `select pg_is_in_recovery() as "isReplica", pg_wal_lsn_diff(
      case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
      '0/0')::text as position`,
};

/** The replica must not be used now. */
class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  readonly code: 'EREPLICALAG' | 'ENOREPLICA';

  constructor(code: ReplicaError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

interface Sample {
  /** Monotonic time in milliseconds: all that is after `position` of the sample before is newer. */
  readonly at: number;
  readonly position: number;
}

/**
 * Measures how old the state of a replica is: the time since the primary wrote what the replica has
 * not replayed yet. Unlike the replica's own times, this also works while nothing is written, and
 * while the replica has lost the primary.
 */
export class ReplicaLag {
  readonly #primary: Sql;
  readonly #replica: Sql;
  readonly #maxLag: number;
  /** Positions of the primary that the replica has not reached, oldest first. */
  #samples: readonly Sample[] = [];
  #usableUntil = 0;
  /** Time of the last sample. Before the first one, anything may be unknown. */
  #sampledAt = Number.NEGATIVE_INFINITY;
  /** Seconds. Never less than the real lag at the last check. */
  seconds = 0;

  constructor(primary: Sql, replica: Sql, maxLag: number) {
    this.#primary = primary;
    this.#replica = replica;
    this.#maxLag = maxLag;
  }

  isUsable(): boolean {
    return performance.now() < this.#usableUntil;
  }

  /** Stops the use of the replica until the next check. */
  markDown(): void {
    this.#usableUntil = 0;
  }

  /** Compares both servers. @throws ReplicaError if the server is not a replica, or lags too much */
  async check(): Promise<void> {
    const at = performance.now();
    // Another check reports an unavailable primary.
    const asked = this.#primary.query(readPosition).catch(() => []);
    const [[primary], [replica]] = await Promise.all([asked, this.#replica.query(readPosition)]);
    if (!primary || !replica) return;
    if (!replica.isReplica) this.#refuse('ENOREPLICA', 'The server is not a replica.');
    const samples = [...this.#samples, { at: this.#sampledAt, position: Number(primary.position) }];
    this.#sampledAt = at;
    this.#samples = merged(samples.filter(({ position }) => position > Number(replica.position)));
    const [oldest] = this.#samples;
    this.seconds = oldest ? (performance.now() - oldest.at) / 1000 : 0;
    if (this.seconds > this.#maxLag) this.#refuse('EREPLICALAG', 'The replica lags.');
    this.#usableUntil = at + VALIDITY;
  }

  #refuse(code: ReplicaError['code'], message: string): never {
    this.markDown();
    throw new ReplicaError(code, message);
  }
}

/** Merges pairs of many samples: the later position counts from the earlier time. */
function merged(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length < 2 * MAX_SAMPLES) return samples;
  return samples.flatMap((sample, index) =>
    index % 2 === 1 ? [{ ...sample, at: samples[index - 1]?.at ?? sample.at }] : [],
  );
}

/**
 * Waits until a replica has replayed what the primary has written up to now.
 *
 * @returns whether it has, within `seconds`
 */
export async function catchesUp(primary: Sql, replica: Sql, seconds: number): Promise<boolean> {
  const [wanted] = await primary.query(readPosition);
  for (const end = performance.now() + seconds * 1000; ; await pause(50)) {
    const [reached] = await replica.query(readPosition);
    if (!wanted || !reached?.isReplica) return false;
    if (Number(reached.position) >= Number(wanted.position)) return true;
    if (performance.now() > end) return false;
  }
}
