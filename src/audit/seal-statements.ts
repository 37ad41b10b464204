import type { Statement } from '../ports/sql.ts';
import { type CanonicalRow, canonicalColumns } from './row-digest.ts';
import type { Seal } from './seal.ts';

/** Lets one process append at a time. Readers go on. */
export const lockSeals: Statement = {
  name: 'lock-seals',
  text: 'lock table audit_seals in share row exclusive mode',
};

export const lastSeal: Statement<
  Pick<Seal, 'sealedAt' | 'digest' | 'keyId' | 'signature'> & { number: string }
> = {
  name: 'last-seal',
  text: `select number, sealed_at as "sealedAt", digest, key_id as "keyId", signature
    from audit_seals order by number desc limit 1`,
};

/** Values: columns of a seal, in the order of `Seal`. */
export const insertSeal: Statement = {
  name: 'insert-seal',
  text: `insert into audit_seals (number, kind, sealed_at, bound, newest, ids, digests, content,
      digest, key_id, signature)
    values ($1, $2, $3, $4, $5, $6::uuid[], $7, $8, $9, $10, $11)`,
};

interface FoundSeal {
  readonly number: string;
  /** Digest of the seal before it. */
  readonly previous: Buffer | null;
  readonly start: Date | null;
}

/** Finds the first seal from a number and a time on. */
export const findSeal: Statement<FoundSeal> = {
  name: 'find-seal',
  text: `select s.number, before.digest as previous,
      case s.kind when 'START' then s.bound else before.sealed_at end as start
    from audit_seals s left join audit_seals before on before.number = s.number - 1
    where s.number >= $1::bigint and s.sealed_at >= $2::timestamptz order by s.number limit 1`,
};

/** Values: number of rows. */
export const listUnsealed: Statement<{ id: string }> = {
  name: 'list-unsealed',
  text: 'select id::text as id from audit_unsealed order by id limit $1',
};

/** Values: ids. */
export const removeUnsealed: Statement<{ id: string }> = {
  name: 'remove-unsealed',
  text: 'delete from audit_unsealed where id = any($1::uuid[]) returning id::text as id',
};

/** Values: ids. Rows in the order of ids. */
export const readCanonicalRows: Statement<CanonicalRow> = {
  name: 'read-canonical-rows',
  text: `select ${canonicalColumns} from audit_events where id = any($1::uuid[]) order by 1`,
};

/** Values: number of the seal before, number of seals. */
export const listSeals: Statement<Omit<Seal, 'number'> & { number: string }> = {
  name: 'list-seals',
  text: `select number, kind, sealed_at as "sealedAt", bound, newest, ids::text[] as ids, digests,
      content, digest, key_id as "keyId", signature
    from audit_seals where number > $1 order by number limit $2`,
};

/** Drops the lists of seals whose rows are all older. Values: time, number of seals. */
export const dropLists: Statement<{ number: string }> = {
  name: 'drop-lists-of-seals',
  text: `update audit_seals set ids = null, digests = null where number in (
      select number from audit_seals where newest < $1 and kind = 'EVENTS' and ids is not null
      limit $2
    ) returning number`,
};

/** The newest bound of pruned rows, and the pruned rows whose ids do not tell their time. */
export const readPruning: Statement<{ bound: Date | null; ids: string[] | null }> = {
  name: 'read-pruning',
  text: `select max(bound) as bound,
      (select array_agg(id::text) from audit_seals, unnest(ids) id where kind = 'PRUNED') as ids
    from audit_seals where kind = 'PRUNED'`,
};

/**
 * Finds rows that no seal lists. Values: the smallest id of the chain. Counts rows from before it,
 * later rows and rows that wait for their seal, and lists ten later ones.
 */
export const findUnsealed: Statement<{
  before: string;
  added: string;
  waiting: string;
  ids: string[] | null;
}> = {
  name: 'find-unsealed',
  text: `with sealed as (
      select unnest(ids) as id from audit_seals where kind = 'EVENTS'
    ), outside as (
      select e.id from audit_events e left join sealed using (id)
      where sealed.id is null and not exists (select from audit_unsealed u where u.id = e.id)
    )
    select count(*) filter (where id < $1::uuid) as before,
      count(*) filter (where id >= $1::uuid) as added,
      (select count(*) from audit_unsealed) as waiting,
      (array_agg(id::text order by id) filter (where id >= $1::uuid))[1:10] as ids
    from outside`,
};

/** Values: ids of accounts. Returns those that an event says were deleted. */
export const listDeletedAccounts: Statement<{ id: string }> = {
  name: 'list-deleted-accounts',
  text: `select distinct account_id::text as id from audit_events
    where event = 'USER_DELETED' and account_id = any($1::uuid[])`,
};

/** Shows all later statements of the transaction the same rows. */
export const freeze: Statement = {
  name: 'freeze-snapshot',
  text: 'set transaction isolation level repeatable read, read only',
};
