import type { MikroORM } from '@mikro-orm/postgresql';
import type { Redis } from 'ioredis';

/** Every row of every table, as JSON. */
export async function everyRow({ em }: MikroORM): Promise<string> {
  const sql = <Row>(statement: string) => em.fork().execute<Row[]>(statement);
  const tables = await sql<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const rows: object[] = [];
  for (const { name } of tables) {
    rows.push(await sql(`select row_to_json(t) as row from ${name} t`));
  }
  return JSON.stringify(rows);
}

/** Every key of a Redis database with its value, as JSON. */
export async function everyValue(redis: Redis): Promise<string> {
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, '-1'),
    // It has expired meanwhile.
    none: async () => null,
  };
  const entryOf = async (key: string) => {
    const type = await redis.type(key);
    if (!read[type]) throw new Error(`how to read a ${type} is not known here`);
    return [key, await read[type](key)];
  };
  return JSON.stringify(await Promise.all((await redis.keys('*')).map(entryOf)));
}
