import { freePort } from './free-port.ts';
import type { ManagedProcess } from './managed-process.ts';
import type { RunningStore } from './start-store.ts';

/** PostgreSQL or Redis under the supervisor. */
export interface ManagedStore extends ManagedProcess {
  /** Returns what runs, or ran last. @throws Error before the first start. */
  running(): RunningStore;
}

/** Makes a store a managed process. It keeps its port over restarts, because clients know it. */
export function managedStore(
  name: string,
  start: (port: number, signal: AbortSignal) => Promise<RunningStore>,
): ManagedStore {
  let store: RunningStore | undefined;
  return {
    name,
    running() {
      if (!store) throw new Error(`${name} has not been started`);
      return store;
    },
    async start(signal) {
      const port = store?.port ?? (await freePort());
      store = await start(port, signal).catch(async (error: Error) => {
        // Another process has taken the port meanwhile. Nobody knows it yet, so choose another one.
        if (store || !/address already in use/i.test(error.message)) throw error;
        return start(await freePort(), signal);
      });
      return store;
    },
  };
}
