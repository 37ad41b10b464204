import { onTestFinished } from 'vitest';
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
