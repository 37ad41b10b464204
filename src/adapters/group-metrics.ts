import cluster, { type Worker } from 'node:cluster';
import { setTimeout as pause } from 'node:timers/promises';
import type { MetricFamily } from './metric-store.ts';
import { tell } from './process-messages.ts';
import { mergeMetrics, printMetrics } from './prometheus.ts';

/** Milliseconds that the primary process waits for another one. Then it shows its last answer. */
const MAX_WAIT = 2000;

/** The request of the primary process, and the answer. */
interface Message {
  readonly askMetrics?: true;
  readonly metrics?: readonly MetricFamily[];
}

/**
 * Answers the primary process when it asks for metrics.
 *
 * @returns a function that sends the last ones before this process ends
 */
export function answerPrimary(read: () => Promise<MetricFamily[]>): () => Promise<void> {
  const answer = async () => {
    const metrics = await read();
    tell(process, { metrics });
  };
  process.on('message', ({ askMetrics }: Message) => askMetrics && void answer());
  return answer;
}

/** Metrics of the processes of a group, merged. */
export class GroupMetrics {
  /** The last answer of each process. */
  readonly #last = new Map<Worker, readonly MetricFamily[]>();
  /** Counts of processes that have ended. Without them, a sum would fall as if all had restarted. */
  #ended: readonly MetricFamily[] = [];
  #merging: Promise<unknown> = Promise.resolve();
  readonly #answers = new Set<(worker: Worker) => void>();

  constructor() {
    cluster.on('message', (worker, { metrics }: Message) => {
      if (!metrics) return;
      this.#last.set(worker, metrics);
      for (const answer of this.#answers) answer(worker);
    });
    // After the last message, unlike `exit`.
    cluster.on('disconnect', (worker) => {
      this.#merging = this.#merging.then(() => this.#keep(worker));
    });
  }

  /** Asks all processes. Waits at most 2 s. */
  readonly read = async (): Promise<string> => {
    const asked = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    const silent = new Set(asked.filter((worker) => worker.isConnected()));
    const all = Promise.withResolvers<void>();
    const answer = (worker: Worker) => {
      silent.delete(worker);
      if (silent.size === 0) all.resolve();
    };
    this.#answers.add(answer);
    for (const worker of silent) tell(worker, { askMetrics: true });
    if (silent.size > 0) await Promise.race([all.promise, pause(MAX_WAIT)]);
    this.#answers.delete(answer);
    return printMetrics([...this.#last.values(), this.#ended]);
  };

  async #keep(worker: Worker): Promise<void> {
    const last = this.#last.get(worker) ?? [];
    const counts = last.filter(({ type }) => type !== 'gauge');
    const ended = await mergeMetrics([this.#ended, counts]);
    this.#last.delete(worker);
    this.#ended = ended;
  }
}
