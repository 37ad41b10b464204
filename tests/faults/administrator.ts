import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MikroORM } from '@mikro-orm/postgresql';
import { Redis } from 'ioredis';
import { openMigrationOrm } from '#src/db/orm.ts';
import type { OwnStores } from '#tests/support/own-stores.ts';

/** Access to the database. */
export type SqlAccess = Pick<Administrator, 'sql'>;

/** Access to the stores as an operator has it. */
export class Administrator {
  readonly stores: OwnStores;
  readonly #orm: MikroORM;
  readonly #redis: Redis;

  constructor(stores: OwnStores, orm: MikroORM) {
    this.stores = stores;
    this.#orm = orm;
    this.#redis = new Redis(stores.redis.url);
    this.#redis.on('error', () => undefined);
  }

  static async of(stores: OwnStores): Promise<Administrator> {
    return new Administrator(stores, await openMigrationOrm(stores.postgres.url));
  }

  sql<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
    return this.#orm.em.fork().execute<Row[]>(statement, values);
  }

  redis(command: string, ...values: string[]): Promise<unknown> {
    return this.#redis.call(command, ...values);
  }

  /** Stops PostgreSQL like `pg_ctl stop --mode=immediate`. */
  async stopPostgresImmediately(): Promise<void> {
    const file = join(this.stores.directory, 'postgres/postmaster.pid');
    process.kill(Number(readFileSync(file, 'utf8').split('\n', 1)[0]), 'SIGQUIT');
    await this.stores.postgres.kill();
  }

  /** Locks the accounts, and so blocks every connection that uses them. Returns the function that unlocks. */
  async lockAccounts(): Promise<() => void> {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await new Promise<void>((resolve, reject) => {
      this.#orm.em
        .fork()
        .transactional(async (em) => {
          await em.execute('lock table accounts in access exclusive mode');
          resolve();
          await released;
        })
        .catch(reject);
    });
    return release;
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#orm.close(true);
  }
}
