import cluster from 'node:cluster';
import { tell } from './process-messages.ts';

/** Attempts of a client since the last message, and milliseconds until its window ends. */
export type Attempts = readonly [client: string, attempts: number, left: number];

/** The other processes of a server, which also count the attempts of its clients. */
export interface Peers {
  /** Number of processes, including this one. */
  readonly processes: number;
  /** Tells them about attempts under a rate limit. */
  tell(limit: string, attempts: readonly Attempts[]): void;
  /** Calls `hear` with the attempts that they tell. */
  listen(limit: string, hear: (attempts: readonly Attempts[]) => void): void;
}

interface Message {
  readonly counted?: { readonly limit: string; readonly attempts: readonly Attempts[] };
}

/** Passes the messages of each process on to the others, in the primary process. */
export function connectPeers(): void {
  cluster.on('message', (sender, message: Message) => {
    if (!message.counted) return;
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker && worker !== sender && worker.isConnected()) tell(worker, message);
    }
  });
}

/** Returns undefined if this is the only process. */
export function findPeers(processes: number): Peers | undefined {
  if (!cluster.isWorker) return undefined;
  const listeners = new Map<string, (attempts: readonly Attempts[]) => void>();
  process.on('message', ({ counted }: Message) => {
    if (counted) listeners.get(counted.limit)?.(counted.attempts);
  });
  return {
    processes,
    tell(limit, attempts) {
      const message: Message = { counted: { limit, attempts } };
      tell(process, message);
    },
    listen: (limit, hear) => void listeners.set(limit, hear),
  };
}
