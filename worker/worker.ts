import { setTimeout as pause } from 'node:timers/promises';
import { consumeJobs, type JobConsumer } from '#src/adapters/bee-queue.ts';
import { printingMailer } from '#src/adapters/printing-mailer.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { createSmtpMailer } from '#src/adapters/smtp.ts';
import type { Config } from '#src/config.ts';
import { type OutboxKind, outboxKinds } from '#src/ports.ts';
import { openStores, type Replacements } from '#src/runtime.ts';
import type { WorkerContext } from './context.ts';
import { deliverMail } from './deliver-mail.ts';
import { sweepOutbox } from './sweep-outbox.ts';
import { writeAudit } from './write-audit.ts';

const SWEEP_INTERVAL = 1000;
const concurrency: Record<OutboxKind, number> = { mail: 5, audit: 10 };

export interface Worker {
  /** Takes no new work and waits for what runs, at most `timeout` milliseconds. */
  close(timeout: number): Promise<void>;
}

/** Starts the work that follows the commits: mails and audit rows. Either store may be away. */
export async function startWorker(config: Config, replacements?: Replacements): Promise<Worker> {
  const stores = await openStores(config, 'gatehouse-worker', replacements);
  const { log, orm, redis } = stores;
  const smtp = config.smtpUrl ? createSmtpMailer(config.smtpUrl, config.mailFrom) : undefined;
  const worker: WorkerContext = { ...stores, mailer: smtp ?? printingMailer };
  const handlers: Record<OutboxKind, (entryId: string) => Promise<void>> = {
    mail: (id) => deliverMail(worker, id),
    audit: (id) => writeAudit(orm.em.fork(), [id]),
  };

  // What fails here is found by the sweep, so a job has nothing to try again.
  const guarded = (work: () => Promise<void>) =>
    work().catch((error: Error) => log.warn({ error: error.name }, 'left for the next sweep'));

  const client = openRedis(config.queueRedisUrl, 'consumer', log);
  const consumers: Promise<JobConsumer>[] = outboxKinds.map((kind) =>
    consumeJobs(client, kind, concurrency[kind], (id) => guarded(() => handlers[kind](id)), log),
  );

  const stopping = new AbortController();
  const sweeping = (async () => {
    while (!stopping.signal.aborted) {
      await guarded(() => sweepOutbox(worker));
      await pause(SWEEP_INTERVAL, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    async close(timeout) {
      stopping.abort();
      const late = pause(timeout, undefined, { ref: false });
      const drained = Promise.all([
        sweeping,
        ...consumers.map(async (consumer) => (await consumer).close(timeout)),
      ]);
      await Promise.race([drained, late]);
      client.disconnect();
      redis.disconnect();
      smtp?.close();
      await orm.close(true);
    },
  };
}
