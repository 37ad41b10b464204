import type { AuditKey } from '../ports/audit-key.ts';
import type { InTransaction, Sql } from '../ports/sql.ts';
import { type ChainStart, readStart } from './chain-start.ts';
import { smallestIdAt, timeOf } from './id-range.ts';
import { erasedPersonal } from './pseudonym.ts';
import { type CanonicalRow, rowDigest } from './row-digest.ts';
import { type Checkpoint, checkpointOf, contentDigest, type Seal, sealDigest } from './seal.ts';
import {
  findUnsealed,
  freeze,
  listDeletedAccounts,
  listSeals,
  readCanonicalRows,
  readPruning,
} from './seal-statements.ts';

/** Seals to read at once: 10,000 rows at most. */
const BATCH = 10;
/** Findings that a report lists. */
const MAX_LISTED = 10;

/** A contradiction between the log and its chain. */
export interface Finding {
  readonly seal?: number;
  /** Id of the row. */
  readonly row?: string;
  readonly problem: string;
}

/** Result of a verification. The log is as it was sealed if there are no findings. */
export interface ChainReport {
  readonly seals: number;
  /** Number of the seal at which an operator restarted the chain last. */
  readonly restarted: number | undefined;
  readonly last: Checkpoint | undefined;
  /** Numbers of rows. */
  readonly rows: {
    verified: number;
    pruned: number;
    erased: number;
    /** Not sealed yet: workers seal once a minute. */
    waiting: number;
    /** From before the chain, which cannot tell whether they were changed. */
    before: number;
  };
  /** Number of all findings. */
  readonly found: number;
  /** The first findings, in the order of the seals. */
  readonly findings: readonly Finding[];
}

interface VerifyOptions {
  readonly witnessed?: readonly Checkpoint[];
  /** Number or time of the first seal to check. Trusts what came before. Default: all seals. */
  readonly since?: number | Date | undefined;
  /** Called with the number of a seal after each batch. */
  readonly report?: (seal: number) => void;
}

interface Verifier {
  readonly inTransaction: InTransaction;
  readonly auditKey: AuditKey;
}

/** Compares the audit log with its chain of seals, and the chain with the checkpoints of a witness. */
export function verifyChain(
  { inTransaction, auditKey }: Verifier,
  { witnessed = [], since = 1, report }: VerifyOptions = {},
): Promise<ChainReport> {
  return inTransaction(async (tx) => {
    await tx.query(freeze);
    const [pruning] = await tx.query(readPruning);
    const pruned = {
      before: pruning?.bound?.getTime() ?? Number.NEGATIVE_INFINITY,
      ids: new Set(pruning?.ids),
    };
    const run = new Verification(tx, auditKey, witnessed, pruned, await readStart(tx, since));
    for (;;) {
      const seals = await tx.query(listSeals, [run.previous.number, BATCH]);
      if (seals.length === 0) return run.finish();
      for (const seal of seals) await run.checkSeal({ ...seal, number: Number(seal.number) });
      report?.(run.previous.number);
    }
  });
}

interface Pruning {
  /** Unix milliseconds. */
  readonly before: number;
  readonly ids: ReadonlySet<string>;
}

/** State of a verification. */
class Verification {
  readonly rows = { verified: 0, pruned: 0, erased: 0, waiting: 0, before: 0 };
  last: Seal | undefined;
  previous: ChainStart['previous'];
  readonly #tx: Sql;
  readonly #key: AuditKey;
  readonly #witnessed: ReadonlyMap<number, Checkpoint>;
  readonly #pruning: Pruning;
  readonly #findings: Finding[] = [];
  readonly #erasedAccounts = new Map<string, string>();
  #found = 0;
  #seals = 0;
  #restarted: number | undefined;
  #start: number;

  constructor(
    tx: Sql,
    key: AuditKey,
    witnessed: readonly Checkpoint[],
    pruning: Pruning,
    start: ChainStart,
  ) {
    this.#tx = tx;
    this.#key = key;
    this.#witnessed = new Map(witnessed.map((each) => [each.number, each]));
    this.#pruning = pruning;
    this.previous = start.previous;
    this.#start = start.time;
  }

  async checkSeal(seal: Seal): Promise<void> {
    const problem = this.#problemOf(seal);
    if (problem) this.#report({ seal: seal.number, problem });
    if (seal.kind === 'START' && this.last) this.#restarted = seal.number;
    this.last = seal;
    this.previous = seal;
    this.#seals += 1;
    if (seal.kind === 'START') this.#start = Math.max(this.#start, seal.bound?.getTime() ?? 0);
    if (seal.kind === 'EVENTS' && seal.ids && seal.digests) await this.#checkRows(seal);
  }

  async finish(): Promise<ChainReport> {
    await this.#checkErased();
    await this.#checkUnsealed();
    this.#checkEnd();
    const { last } = this;
    return {
      seals: this.#seals,
      restarted: this.#restarted,
      last: last && checkpointOf(last),
      rows: this.rows,
      found: this.#found,
      findings: this.#findings,
    };
  }

  #report(finding: Finding): void {
    this.#found += 1;
    if (this.#findings.length < MAX_LISTED) this.#findings.push(finding);
  }

  #problemOf(seal: Seal): string | undefined {
    const { number, ids, digests, newest } = seal;
    const before = this.previous;
    if (number !== before.number + 1) return 'seals before this one are missing';
    const isPruned = newest !== null && newest.getTime() < this.#pruning.before;
    if (!(ids && digests)) {
      if (!isPruned) return 'its list of rows is missing';
    } else if (!contentDigest(ids, digests).equals(seal.content)) {
      return 'its list of rows was changed';
    }
    if (!sealDigest(before.digest, seal).equals(seal.digest)) {
      return 'it was changed, or the seal before it was';
    }
    if (this.#key.verify(seal.digest, seal) === 'wrong') return 'its signature is wrong';
    if (this.last && seal.kind === 'START') return 'an operator restarted the chain here';
    const seen = this.#witnessed.get(number);
    return seen && seen.digest !== checkpointOf(seal).digest
      ? 'it is not the seal that the witness has seen'
      : undefined;
  }

  async #checkRows({ number, ids, digests }: Seal): Promise<void> {
    const rows = await this.#tx.query(readCanonicalRows, [ids]);
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const [index, id] of (ids ?? []).entries()) {
      const row = found.get(id);
      const digest = digests?.subarray(32 * index, 32 * index + 32);
      if (!row) this.#checkMissing(number, id);
      else if (digest && rowDigest(row).equals(digest)) this.#count(number, row);
      else this.#report({ seal: number, row: id, problem: 'the row was changed' });
    }
  }

  #checkMissing(seal: number, row: string): void {
    const { before, ids } = this.#pruning;
    if (timeOf(row) < before || ids.has(row)) this.rows.pruned += 1;
    else this.#report({ seal, row, problem: 'the row is missing' });
  }

  /** An erased row contains the pseudonym of its account and nothing else that was personal. */
  #count(seal: number, { id, erased, personal }: CanonicalRow): void {
    this.rows.verified += 1;
    if (!erased) return;
    this.rows.erased += 1;
    const [, account] = erasedPersonal.exec(personal) ?? [];
    if (account) this.#erasedAccounts.set(account, id);
    else this.#report({ seal, row: id, problem: 'the row was changed after it was erased' });
  }

  async #checkErased(): Promise<void> {
    const accounts = [...this.#erasedAccounts.keys()];
    const deleted = await this.#tx.query(listDeletedAccounts, [accounts]);
    for (const { id } of deleted) this.#erasedAccounts.delete(id);
    for (const row of this.#erasedAccounts.values()) {
      this.#report({ row, problem: 'the row was erased, but its account was not deleted' });
    }
  }

  async #checkUnsealed(): Promise<void> {
    const [found] = await this.#tx.query(findUnsealed, [smallestIdAt(this.#start)]);
    this.rows.waiting = Number(found?.waiting);
    this.rows.before = Number(found?.before);
    const unsealed = found?.ids ?? [];
    for (const row of unsealed) this.#report({ row, problem: 'the row was added without a seal' });
    this.#found += Number(found?.added) - unsealed.length;
  }

  #checkEnd(): void {
    const last = this.last?.number ?? 0;
    const seen = Math.max(0, ...this.#witnessed.keys());
    if (seen > last) {
      this.#report({ seal: last + 1, problem: `the witness has seen seals up to ${seen}` });
    }
    if (this.last && this.#key.verify(this.last.digest, this.last) === 'unknown key') {
      const problem = 'its key is unknown: set SECRET_KEY_PREVIOUS to the secret that signed it';
      this.#report({ seal: last, problem });
    }
  }
}
