import { appendFile } from 'node:fs/promises';
import { lastCheckpoint } from '#src/audit/last-checkpoint.ts';
import type { Checkpoint } from '#src/audit/seal.ts';
import type { Witness } from '#src/config/setting-shapes.ts';
import type { WorkerContext } from './context.ts';

/** Milliseconds that a witness may take. */
const TIMEOUT = 30_000;

/** Copies the newest checkpoint of the audit log to `AUDIT_WITNESS`, if it is of one of these kinds. */
export const witnessAudit =
  (...kinds: readonly Witness['kind'][]) =>
  async (worker: WorkerContext): Promise<void> => {
    const witness = worker.config.auditWitness;
    if (!witness || !kinds.includes(witness.kind)) return;
    const checkpoint = await lastCheckpoint(worker.sql);
    if (!checkpoint) return;
    try {
      await copy(worker, witness, checkpoint);
    } catch (error) {
      const { message } = error as Error;
      const fields = { event: 'audit-witness-failed', witness: witness.kind, reason: message };
      worker.log.error(fields, 'Cannot copy a checkpoint of the audit log. Check AUDIT_WITNESS.');
    }
  };

async function copy(worker: WorkerContext, witness: Witness, checkpoint: Checkpoint) {
  const line = JSON.stringify(checkpoint);
  if (witness.kind === 'file') return appendFile(witness.path, `${line}\n`, { mode: 0o640 });
  if (witness.kind === 'url') return put(witness.url, checkpoint.number, line);
  const domain = worker.config.mailFrom.address.split('@')[1];
  const mail = {
    messageId: `<audit-${checkpoint.number}@${domain}>`,
    to: { name: '', address: witness.address },
    subject: `Audit log checkpoint ${checkpoint.number}`,
    text: `${line}\n`,
    html: `<pre>${line}</pre>\n`,
  };
  return worker.mailer.send(mail, AbortSignal.timeout(TIMEOUT));
}

/** Stores a checkpoint as `<base>/<number>.json`, with the user and password of the URL as Basic. */
async function put(base: string, number: number, body: string): Promise<void> {
  const url = new URL(`${number}.json`, base);
  const credentials = decodeURIComponent(`${url.username}:${url.password}`);
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const headers = { 'content-type': 'application/json', ...(url.username && { authorization }) };
  url.username = '';
  url.password = '';
  const signal = AbortSignal.timeout(TIMEOUT);
  const response = await fetch(url, { method: 'PUT', body, headers, redirect: 'error', signal });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the witness answered ${response.status}`);
}
