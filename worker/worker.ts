import { setTimeout as pause } from 'node:timers/promises';
import { consumeJobs, type JobConsumer } from '#src/adapters/bee-queue-consumer.ts';
import { reportMail } from '#src/adapters/mail-report.ts';
import { printingMailer } from '#src/adapters/printing-mailer.ts';
import type { RedisClient } from '#src/adapters/redis.ts';
import { createSmtpMailer, type SmtpMailer } from '#src/adapters/smtp.ts';
import type { Config } from '#src/config/load-config.ts';
import { isOutage } from '#src/errors/outage.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { type OutboxKind, outboxKinds } from '#src/ports/job-queue.ts';
import {
  closeStores,
  openQueueRedis,
  openStores,
  type Replacements,
  type Stores,
  watchStores,
} from '#src/services.ts';
import { checkSecret } from '#src/signing-keys/ensure-signing-key.ts';
import type { WorkerContext } from './context.ts';
import { deliverMail } from './deliver-mail.ts';
import { logErrors } from './log-errors.ts';
import { runDueWork } from './run-due-jobs.ts';
import { schedule } from './scheduled-jobs.ts';
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
  const { orm, keySealer } = stores;
  await checkSecret(orm.em.fork(), keySealer).catch(async (error) => {
    if (isOutage(error) && !diagnosisOf(error)?.isMisconfigured) return;
    await closeStores(stores);
    throw error;
  });
  const queueRedis = await openQueueRedis(stores);
  const smtp = openMailer(stores);
  const worker: WorkerContext = { ...stores, mailer: smtp ?? printingMailer };
  const consumers = consumeQueues(worker, queueRedis);
  const repetition = startRepeating(worker);
  const stopReporting = reportMail(stores.redis, smtp?.availability);
  const stopWatching = watchStores(stores);
  return {
    async close(timeout) {
      const ends = [repetition, ...consumers].map((part) => part.close());
      const over = new AbortController();
      const late = pause(timeout, undefined, { signal: over.signal }).catch(() => undefined);
      await Promise.race([Promise.all(ends), late]);
      over.abort();
      stopReporting();
      stopWatching();
      queueRedis.disconnect();
      smtp?.close();
      await closeStores(stores);
    },
  };
}

function openMailer({ config, log }: Stores): SmtpMailer | undefined {
  const { smtpUrl, smtpCa: ca, mailFrom: from } = config;
  return smtpUrl ? createSmtpMailer(smtpUrl, { from, log, ca }) : undefined;
}

function consumeQueues(worker: WorkerContext, queueRedis: RedisClient): JobConsumer[] {
  const { log, orm } = worker;
  const handlers: Record<OutboxKind, (entryId: string) => Promise<void>> = {
    mail: (id) => deliverMail(worker, id),
    audit: (id) => writeAudit(orm.em.fork(), [id]),
  };
  return outboxKinds.map((kind) => {
    const handle = (id: string) => logErrors(log, () => handlers[kind](id));
    return consumeJobs(queueRedis, kind, concurrency[kind], handle, log);
  });
}

/** Looks again and again for what waits and for what is due. */
function startRepeating(worker: WorkerContext): { close(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const repeat = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await logErrors(worker.log, work);
      await pause(INTERVAL, undefined, { signal }).catch(() => undefined);
    }
  };
  const repeated = Promise.all([
    repeat(() => sweepOutbox(worker, signal)),
    repeat(() => runDueWork(worker, schedule, signal)),
  ]);
  return {
    async close() {
      stopping.abort();
      await repeated;
    },
  };
}
