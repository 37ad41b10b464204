import { onTestFinished } from 'vitest';
import { earlierTime } from '#src/ports/retention-end.ts';
import type { Sql, Statement } from '#src/ports/sql.ts';
import { openStores } from '#src/services.ts';
import { createWorkerContext, type WorkerContext } from '#worker/context.ts';
import { openRenderer } from '#worker/open-renderer.ts';
import type { TestApp } from '../support/app.ts';

/** Opens the context of another worker on the stores of an app, until the test ends. */
export async function openWorker({ clock, runtime }: TestApp): Promise<WorkerContext> {
  const { config, log } = runtime;
  const stores = await openStores(config, 'gatehouse-worker', { clock, log });
  onTestFinished(async () => {
    stores.redis.disconnect();
    await stores.orm.close(true);
  });
  return createWorkerContext(stores, { send: async () => undefined }, openRenderer(config));
}

/** The signal of a worker that goes on. */
export const goingOn = new AbortController().signal;

/** Returns a worker at a time, which PostgreSQL has too unless it is another. */
export function workerAt(worker: WorkerContext, at: Date, ofPostgres = at): WorkerContext {
  const earlier = new Date(Math.min(at.getTime(), ofPostgres.getTime()));
  const query = (statement: Statement, values?: readonly unknown[]) =>
    statement.name === earlierTime.name
      ? Promise.resolve([{ now: earlier }])
      : worker.sql.query(statement, values);
  return { ...worker, sql: { em: worker.sql.em, query } as Sql, clock: { now: () => at } };
}
