import { setTimeout as pause } from 'node:timers/promises';
import { consumeJobs, type JobConsumer } from '#src/adapters/bee-queue.ts';
import { printingMailer } from '#src/adapters/printing-mailer.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { createSmtpMailer } from '#src/adapters/smtp.ts';
import { type Config, ConfigError } from '#src/config.ts';
import { checkSecret } from '#src/keys/ensure-signing-key.ts';
import { type OutboxKind, outboxKinds } from '#src/ports.ts';
import { openStores, type Replacements } from '#src/runtime.ts';
import type { WorkerContext } from './context.ts';
import { deliverMail } from './deliver-mail.ts';
import { runDueWork } from './run-due-work.ts';
import { schedule } from './schedule.ts';
import { sweepOutbox } from './sweep-outbox.ts';
import { writeAudit } from './write-audit.ts';

/** Milliseconds between two looks at what waits. */
const INTERVAL = 1000;
const concurrency: Record<OutboxKind, number> = { mail: 5, audit: 10 };

export interface Worker {
  /** Takes no new work and waits for what runs, at most `timeout` milliseconds. */
  close(timeout: number): Promise<void>;
}

/**
 * Starts the work that follows the commits, mails and audit rows, and the scheduled work. Either
 * store may be away.
 */
export async function startWorker(config: Config, replacements?: Replacements): Promise<Worker> {
  const stores = await openStores(config, 'gatehouse-worker', replacements);
  const { log, orm, redis, keySealer } = stores;
  await checkSecret(orm.em.fork(), keySealer).catch(async (error) => {
    if (!(error instanceof ConfigError)) return;
    redis.disconnect();
    await orm.close(true);
    throw error;
  });
  const smtp = config.smtpUrl ? createSmtpMailer(config.smtpUrl, config.mailFrom) : undefined;
  const worker: WorkerContext = { ...stores, mailer: smtp ?? printingMailer };
  const handlers: Record<OutboxKind, (entryId: string) => Promise<void>> = {
    mail: (id) => deliverMail(worker, id),
    audit: (id) => writeAudit(orm.em.fork(), [id]),
  };

  // What fails here is found again at the next look, so a job has nothing to try again.
  const guarded = (work: () => Promise<void>) =>
    work().catch((error: Error) => log.warn({ error: error.name }, 'left for the next time'));

  const client = openRedis(config.queueRedisUrl, 'consumer', log);
  const consumers: Promise<JobConsumer>[] = outboxKinds.map((kind) =>
    consumeJobs(client, kind, concurrency[kind], (id) => guarded(() => handlers[kind](id)), log),
  );

  const stopping = new AbortController();
  const repeat = async (work: () => Promise<void>) => {
    while (!stopping.signal.aborted) {
      await guarded(work);
      await pause(INTERVAL, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const repeated = [
    repeat(() => sweepOutbox(worker)),
    repeat(() => runDueWork(worker, schedule, stopping.signal)),
  ];

  return {
    async close(timeout) {
      stopping.abort();
      const late = pause(timeout, undefined, { ref: false });
      const drained = Promise.all([
        ...repeated,
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
