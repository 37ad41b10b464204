import { type Client, type Context, replaceParts } from '../context.ts';
import type { OutboxKind } from '../ports/job-queue.ts';
import type { MailContent, MailOrder } from '../ports/mail-order.ts';
import type { SqlTransaction } from '../ports/sql.ts';
import type { SpanStart } from '../ports/tracing.ts';
import { insertEntries } from './outbox-statements.ts';
import { preferredLanguages } from './preferred-languages.ts';

/** An entry of the outbox: work to do after the commit. */
interface NewEntry {
  readonly id: string;
  readonly kind: OutboxKind;
  /** Encrypted mail, or audit event as JSON. */
  readonly payload: string;
  readonly createdAt: Date;
  /** Seconds until it expires; null if it never does. */
  readonly seconds: number | null;
}

/** A context inside a transaction. Only a transaction can record an event or enqueue a mail. */
export interface Transaction extends Context {
  readonly sql: SqlTransaction;
  /** Entries to write with the next `writeEntries`, at the latest before the commit. */
  readonly unwritten: NewEntry[];
  /** Written entries, to be announced to the workers after the commit. */
  readonly written: Pick<NewEntry, 'id' | 'kind'>[];
  /** Runs after the commit, for what is only counted. */
  readonly afterCommit: (() => void)[];
}

/** The part of a transaction that records audit events. */
export interface AuditTransaction extends Pick<Transaction, 'clock' | 'newId' | 'unwritten'> {
  readonly client: Pick<Client, 'ip' | 'userAgent'>;
}

/** Encrypted mails are padded to a multiple of this length, so that the size hides the content. */
const MAIL_BLOCK = 2048;

/** Runs `work` in one PostgreSQL transaction, and announces its outbox entries after the commit. */
export async function transaction<T>(ctx: Context, work: (tx: Transaction) => Promise<T>) {
  const written: Transaction['written'] = [];
  const afterCommit: Transaction['afterCommit'] = [];
  const result = await ctx.inTransaction(async (sql) => {
    const tx: Transaction = replaceParts(ctx, { sql, unwritten: [], written, afterCommit });
    const done = await work(tx);
    await (tx.tracing ? writeEntries(tx) : queueEntries(tx));
    return done;
  });
  for (const { kind, id } of written) ctx.jobs.announce(kind, id);
  for (const run of afterCommit) run();
  return result;
}

type Writer = Pick<Transaction, 'sql' | 'unwritten' | 'written'> & Origin;
type Origin = Partial<Pick<Context, 'requestId' | 'tracing'>>;

/** Returns what the worker logs and traces about an entry: the request's id and `traceparent`. */
export const originOf = ({ requestId, tracing }: Origin) =>
  [requestId ?? null, tracing?.traceparent() ?? null] as const;

/** Writes the entries that are not written yet, by one statement. */
export async function writeEntries(tx: Writer): Promise<void> {
  const entries = tx.unwritten.splice(0);
  if (entries.length === 0) return;
  const insert = () => tx.sql.query(insertEntries, valuesOf(tx, entries));
  await (tx.tracing ? tx.tracing.run(sendSpan(entries.length), insert) : insert());
  tx.written.push(...entries);
}

/** Writes them together with the commit. */
function queueEntries(tx: Transaction): void {
  const entries = tx.unwritten.splice(0);
  if (entries.length > 0) tx.sql.queue(insertEntries, valuesOf(tx, entries));
  tx.written.push(...entries);
}

function valuesOf(tx: Origin, entries: readonly NewEntry[]): readonly unknown[] {
  const list = <Key extends keyof NewEntry>(key: Key) => entries.map((entry) => entry[key]);
  const columns = ['id', 'kind', 'payload', 'createdAt', 'seconds'] as const;
  return [...columns.map(list), ...originOf(tx)];
}

const sendSpan = (count: number): SpanStart => ({
  name: 'send outbox',
  kind: 'producer',
  attributes: {
    'messaging.system': 'gatehouse',
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'send',
    'messaging.destination.name': 'outbox',
    'messaging.batch.message_count': count,
  },
});

/** The part of a transaction that enqueues mails. */
type MailTransaction = AuditTransaction &
  Pick<Transaction, 'sealer'> & { readonly client: Pick<Client, 'acceptLanguage'> };

/** The recipient of a mail, with the language of the account. */
interface Recipient {
  readonly email: string;
  readonly locale: string | null;
}

/**
 * Encrypts a mail for the outbox. The worker sends it after the commit: in the first language of the
 * request that has templates, else in that of the account.
 */
export async function enqueueMail(tx: MailTransaction, recipient: Recipient, content: MailContent) {
  const { email: to, locale } = recipient;
  const now = tx.clock.now();
  const { ip, userAgent, acceptLanguage } = tx.client;
  const languages = [...preferredLanguages(acceptLanguage), ...(locale ? [locale] : [])];
  const order: MailOrder = { ...content, to, asked: { at: now, ip, userAgent }, languages };
  const id = tx.newId(now);
  const text = JSON.stringify(order);
  const padded = text.padEnd(Math.ceil(text.length / MAIL_BLOCK) * MAIL_BLOCK);
  const payload = tx.sealer.seal(id, padded);
  const expiresAt = 'expiresAt' in content ? content.expiresAt : undefined;
  const seconds = expiresAt ? (expiresAt.getTime() - now.getTime()) / 1000 : null;
  tx.unwritten.push({ id, kind: 'mail', payload, createdAt: now, seconds });
}
