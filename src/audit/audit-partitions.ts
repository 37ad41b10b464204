import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Statement } from '../ports/sql.ts';
import { smallestIdAt, timeOf } from './id-range.ts';

/** Months to create ahead of the current one. */
const AHEAD = 3;
/** Longest wait for a lock. Readers and writers of the log queue behind it. */
const LOCK_TIMEOUT = "set local lock_timeout = '500ms'";

/** A partition of `audit_events`: a range of ids, by the times that they begin with. */
interface Partition {
  readonly name: string;
  /** Unix milliseconds. `-Infinity` for the partition of all older rows. */
  readonly from: number;
  /** Unix milliseconds, exclusive. */
  readonly to: number;
}

/** Returns the partitions, except the default one. */
async function listPartitions(em: SqlEntityManager): Promise<Partition[]> {
  const rows = await em.execute<{ name: string; bound: string }[]>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
     from pg_inherits join pg_class c on c.oid = inhrelid
     where inhparent = 'audit_events'::regclass`,
  );
  return rows.flatMap(({ name, bound }) => {
    const [, from = '', to = ''] = /FROM \((.+)\) TO \('(.+)'\)/.exec(bound) ?? [];
    if (to === '') return [];
    const isOldest = from === 'MINVALUE';
    return { name, from: isOldest ? -Infinity : timeOf(from.slice(1, -1)), to: timeOf(to) };
  });
}

const monthAt = (now: Date, months: number): number =>
  Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months);

/** Creates the missing partitions of this month and the next ones. @returns their names */
export async function createPartitions(em: SqlEntityManager, now: Date): Promise<string[]> {
  const existing = await listPartitions(em);
  const created: string[] = [];
  for (let index = 0; index <= AHEAD; index += 1) {
    const [from, to] = [monthAt(now, index), monthAt(now, index + 1)];
    if (existing.some((each) => each.from < to && each.to > from)) continue;
    created.push(await createPartition(em, from, to));
  }
  return created;
}

/**
 * Creates the partition of a month, and moves its rows out of the default partition: PostgreSQL
 * attaches no partition while the default one contains its rows.
 */
async function createPartition(em: SqlEntityManager, from: number, to: number): Promise<string> {
  const name = `audit_events_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`;
  const [first, end] = [smallestIdAt(from), smallestIdAt(to)];
  await em.transactional(async (tx) => {
    await tx.execute(LOCK_TIMEOUT);
    await tx.execute(`create table ${name} (like audit_events including defaults)`);
    await tx.execute('lock table audit_events_default in access exclusive mode');
    await tx.execute(
      `with moved as (
         delete from audit_events_default where id >= ? and id < ? returning *
       )
       insert into ${name} select * from moved`,
      [first, end],
    );
    await tx.execute(
      `alter table audit_events attach partition ${name} for values from ('${first}') to ('${end}')`,
    );
  });
  return name;
}

/** Drops the partitions whose rows are all older than `end`. @returns their names */
export async function dropPartitions(em: SqlEntityManager, end: Date): Promise<string[]> {
  const old = (await listPartitions(em)).filter(({ to }) => to <= end.getTime());
  for (const { name } of old) {
    await em.transactional(async (tx) => {
      await tx.execute(LOCK_TIMEOUT);
      await tx.execute(`drop table ${name}`);
    });
  }
  return old.map(({ name }) => name);
}

/** Returns the start of the month: rows from before it have no later partition. */
export const monthOf = (end: Date): Date => new Date(monthAt(end, 0));

/** Returns whether months that ended before `end` have rows. */
export async function hasOldEvents(em: SqlEntityManager, end: Date): Promise<boolean> {
  const statement = 'select from audit_events where id < ? limit 1';
  return (await em.execute(statement, [smallestIdAt(monthAt(end, 0))])).length > 0;
}

/**
 * Deletes the oldest rows of months that ended before `end`, `limit` at most, from the partition that
 * contains several months. @returns their number
 */
export async function deleteOldEvents(em: SqlEntityManager, end: Date, limit: number) {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    `delete from audit_events where id < ? and id = any(
       array(select id from audit_events where id < ? order by id limit ?)
     )`,
    [smallestIdAt(monthAt(end, 0)), smallestIdAt(monthAt(end, 0)), limit],
    'run',
  );
  return affectedRows;
}

/** Deletes rows older than `end` whose ids fit no partition, `limit` at most. */
export const deleteStrayEvents: Statement<{ id: string }> = {
  name: 'delete-stray-events',
  text: `delete from audit_events_default where id in (
      select id from audit_events_default where created_at < $1 limit $2
    ) returning id::text as id`,
};
