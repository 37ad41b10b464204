import { setTimeout as pause } from 'node:timers/promises';
import { consumeJobs } from '#src/adapters/bee-queue-consumer.ts';
import { reportMail } from '#src/adapters/mail-report.ts';
import { printingMailer } from '#src/adapters/printing-mailer.ts';
import type { RedisClient } from '#src/adapters/redis.ts';
import { SmtpMailer } from '#src/adapters/smtp.ts';
import { GroupLimit } from '#src/concurrency/group-limit.ts';
import type { Config } from '#src/config/load-config.ts';
import { isOutage } from '#src/errors/outage.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { outboxKinds } from '#src/ports/job-queue.ts';
import {
  closeStores,
  openQueueRedis,
  openStores,
  type Replacements,
  type Stores,
  watchStores,
} from '#src/services.ts';
import { checkSecret } from '#src/signing-keys/ensure-signing-key.ts';
import { createWorkerContext, type WorkerContext } from './context.ts';
import { deliverMail } from './deliver-mail.ts';
import { deliverWebhooks } from './deliver-webhooks.ts';
import { logErrors, repeat } from './loops.ts';
import { openRenderer } from './open-renderer.ts';
import { runDueJobs } from './run-due-jobs.ts';
import { schedule } from './scheduled-jobs.ts';
import { sweepOutbox } from './sweep-outbox.ts';
import { watchWorker } from './worker-metrics.ts';
import { createAuditWriter } from './write-audit.ts';

/**
 * Running jobs of each queue, and their entries. More jobs would overflow Bee-Queue's retry delay when
 * Redis fails: each waiting job doubles it. Five mails are sent at once. As soon as only so many are
 * left, others are claimed together.
 */
const AT_ONCE = { most: 10, few: 5 };

export interface Worker {
  /** Prints the metrics of this process. */
  readonly readMetrics: () => Promise<string>;
  /** Starts no new work and waits for running work, at most `timeout` milliseconds. */
  close(timeout: number): Promise<void>;
}

/** Starts the worker: mails, audit rows and scheduled jobs. Either store may be unavailable. */
export async function startWorker(config: Config, replacements?: Replacements): Promise<Worker> {
  const renderMail = openRenderer(config);
  const stores = await openStores(config, 'gatehouse-worker', replacements);
  await checkSecretOrClose(stores);
  const queueRedis = await openQueueRedis(stores);
  const smtp = openMailer(stores);
  const worker = createWorkerContext(stores, smtp ?? printingMailer, renderMail);
  const parts = [...consumeQueues(worker, queueRedis), repeatSweepAndJobs(worker)];
  const stops = [
    reportMail(stores.redis, smtp?.availability),
    ...watchStores(stores),
    watchWorker(worker, queueRedis, smtp?.availability),
  ];
  return {
    readMetrics: stores.metrics.print,
    async close(timeout) {
      const ended = Promise.all(parts.map((part) => part.close()));
      await Promise.race([ended, pause(timeout, undefined, { ref: false })]);
      for (const stop of stops) stop();
      queueRedis.disconnect();
      smtp?.close();
      await closeStores(stores);
    },
  };
}

async function checkSecretOrClose(stores: Stores): Promise<void> {
  try {
    await checkSecret({ em: stores.orm.em.fork(), sealer: stores.keySealer });
  } catch (error) {
    if (isOutage(error) && !diagnosisOf(error)?.isMisconfigured) return;
    await closeStores(stores);
    throw error;
  }
}

function openMailer({ config: { smtpUrl, smtpCa: ca, mailFrom: from }, log, tracing }: Stores) {
  return smtpUrl ? new SmtpMailer(smtpUrl, { from, log, ca, tracing }) : undefined;
}

function consumeQueues(worker: WorkerContext, queueRedis: RedisClient) {
  const { log } = worker;
  const queues = {
    mail: (id: string) => deliverMail(worker, id),
    // A job only wakes the writer, which writes all events.
    audit: createAuditWriter(worker),
  };
  return outboxKinds.map((kind) => {
    const work = (id: string) => logErrors(log, () => queues[kind](id));
    return consumeJobs(queueRedis, kind, new GroupLimit(AT_ONCE), work, log);
  });
}

function repeatSweepAndJobs(worker: WorkerContext): { close(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = Promise.all([
    repeat(worker.log, signal, () => sweepOutbox(worker, signal)),
    repeat(worker.log, signal, () => deliverWebhooks(worker, signal)),
    repeat(worker.log, signal, () => runDueJobs(worker, schedule, signal)),
  ]);
  return {
    async close() {
      stopping.abort();
      await ended;
    },
  };
}
