import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { isPermanentRefusal } from '#src/adapters/smtp.ts';
import { renderMail } from '#src/mail/render.ts';
import { openMail } from '#src/outbox/put.ts';
import {
  finishEntry,
  type Outcome,
  postponeEntry,
  type TakenEntry,
  takeEntry,
} from '#src/outbox/take.ts';
import type { MailOrder } from '#src/ports.ts';
import type { WorkerContext } from './context.ts';

/** Seconds that a mail is one worker's: longer than the mail server may take. */
const LEASE = 60;
/** Seconds before the second try; doubled for each further one, up to the longest. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 60;
/** Tries after which a mail is given up. */
const MOST_TRIES = 8;
/** The same where another secret has sealed it, once a minute: somebody is changing the secret. */
const MOST_TRIES_SEALED = 60;

/**
 * Sends the mail of an outbox entry: claim, commit, send, mark. A crash between sending and marking
 * sends it twice, with the same Message-ID; nothing else does.
 */
export async function deliverMail(worker: WorkerContext, entryId: string): Promise<void> {
  const em = worker.orm.em.fork();
  const entry = await takeEntry(em, entryId, 'mail', LEASE);
  if (!entry) return;
  try {
    const outcome = await send(worker, entry);
    await finishEntry(em, entry.id, outcome, worker.config.environment === 'development');
  } catch (error) {
    await handleFailure(worker, em, entry, error);
  }
}

async function send(worker: WorkerContext, entry: TakenEntry): Promise<Outcome> {
  const order = await openMail(worker.sealer, entry.id, entry.payload);
  const rendered = await renderMail(order);
  if (!rendered || !(await isWanted(worker, order))) return 'DROPPED';
  const domain = worker.config.mailFrom.address.split('@')[1];
  await worker.mailer.send({
    ...rendered,
    messageId: `<${entry.id}@${domain}>`,
    to: { name: '', address: order.to },
  });
  return 'DELIVERED';
}

/** Nobody wants a code that has expired or been spent. */
async function isWanted({ clock, codes }: WorkerContext, order: MailOrder): Promise<boolean> {
  if (!('code' in order)) return true;
  return order.expiresAt > clock.now() && (await codes.isLive(order.to, order.challengeId));
}

async function handleFailure(
  { config, log, sealer }: WorkerContext,
  em: SqlEntityManager,
  { id, attempts, payload }: TakenEntry,
  error: unknown,
): Promise<void> {
  if (sealer.secretOf(payload) === 'other' && attempts < MOST_TRIES_SEALED) {
    log.error({ entry: id, attempts }, 'a mail is sealed under a secret that this worker has not');
    await postponeEntry(em, id, 60);
    return;
  }
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const fields = { entry: id, attempts, code, responseCode };
  if (isPermanentRefusal(error)) {
    log.warn(fields, 'the mail server refuses a mail for good');
    await finishEntry(em, id, 'REFUSED', config.environment === 'development');
    return;
  }
  if (attempts >= MOST_TRIES) {
    log.error(fields, 'a mail could not be sent; it is given up');
    await finishEntry(em, id, 'GIVEN_UP', config.environment === 'development');
    return;
  }
  const pause = Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE);
  log.warn(fields, 'a mail could not be sent; it will be tried again');
  await postponeEntry(em, id, pause * (0.75 + Math.random() / 2));
}
