import type { Action } from '../action.ts';
import { actions, subjects } from '../actions.ts';
import { describe, type Entry, effectOf, effectsOf, endOf } from '../ledger.ts';
import type { ReceivedMail } from '../mail-sink.ts';
import type { Evidence, Verdict } from '../verdict.ts';
import { hadChance, isWindow, wasFrozen } from './mail-excuses.ts';

/** Milliseconds between a worker's last look at a code and the first word to the mail server. */
const ON_ITS_WAY = 2000;

const isCode = (subject: string) => Object.values<string>(subjects).includes(subject);
const keyOf = (to: string, subject: string) => `${to}: ${subject}`;

/** Requested and received mails with one subject, to one address. */
interface Exchange {
  readonly to: string;
  readonly subject: string;
  /** Whose mail must come, and whose may; in order. */
  readonly certain: Entry[];
  readonly possible: Entry[];
  /** Every received mail, in order. */
  readonly received: readonly ReceivedMail[];
}

/** Every mail is sent, once, in time. */
export function judgeMails(evidence: Evidence): Verdict[] {
  const exchanges = exchangesOf(evidence);
  const codes = exchanges.filter(({ subject }) => isCode(subject));
  const notices = exchanges.filter(({ subject }) => !isCode(subject));
  const refused = new Set(evidence.mailSink.refused.map(({ to }) => to));
  const missing = codes.flatMap((exchange) => missingCodes(exchange, evidence));
  const unexcused = missing.filter(({ excuse }) => !excuse);
  const excused = Map.groupBy(missing, ({ excuse }) => excuse);
  excused.delete(undefined);
  return [
    {
      rule: 'every code is mailed before it expires, and within 35 s if nothing fails',
      seen: codes.flatMap(({ certain }) => certain).length,
      breaches: unexcused.map(({ line }) => line),
      apart: [...excused].map(([excuse, { length }]) => `${length} ${excuse}`).join(', '),
    },
    {
      rule: 'no code is mailed after its expiry',
      seen: codes.flatMap(({ received }) => received).length,
      breaches: codes.flatMap((exchange) => lateCodes(exchange, evidence)),
    },
    {
      rule: 'every notice is mailed',
      seen: notices.flatMap(({ certain }) => certain).length,
      breaches: notices.filter(({ to }) => !refused.has(to)).flatMap(missingNotices),
    },
    {
      rule: 'no unexpected mail is sent',
      seen: evidence.mailSink.received.length,
      breaches: exchanges.flatMap(surplusMails),
    },
    judgeDoubles(evidence),
  ];
}

function exchangesOf({ ledger, mailSink }: Evidence): Exchange[] {
  const exchanges = new Map<string, Exchange>();
  const of = (to: string, subject: string): Exchange => {
    const found = exchanges.get(keyOf(to, subject));
    if (found) return found;
    const received = mailSink.mailsTo(to).filter((mail) => mail.subject === subject);
    const made = { to, subject, certain: [], possible: [], received };
    exchanges.set(keyOf(to, subject), made);
    return made;
  };
  for (const { to, subject } of mailSink.received) of(to, subject);
  for (const entry of ledger.entries.flatMap(effectsOf)) {
    const { yields, mail, mayMail }: Action = actions[entry.action];
    const answer = effectOf(entry);
    const sure = answer !== undefined && yields[answer] !== undefined;
    if (sure && mail) of(entry.email, mail).certain.push(entry);
    const may = mail ?? mayMail;
    const mayHave = entry.outcome !== 'unsent' && entry.effect !== 'failed';
    if (!sure && mayHave && may) of(entry.email, may).possible.push(entry);
  }
  return [...exchanges.values()];
}

/** The mails that came for a code: a person asks for one at a time. */
function mailsFor(asked: Entry, { certain, possible, received }: Exchange): ReceivedMail[] {
  const next = [...certain, ...possible].filter(({ at }) => at > asked.at).map(({ at }) => at);
  const until = Math.min(...next);
  return received.filter(({ at }) => at >= asked.at && at < until);
}

/** Returns the codes that were not mailed before they expired, or not soon although nothing failed. */
function missingCodes(exchange: Exchange, evidence: Evidence) {
  const { codeLifetime, timeline, mailSink } = evidence;
  return exchange.certain.flatMap((asked) => {
    const expiry = endOf(asked) + codeLifetime;
    const began = Math.min(...mailsFor(asked, exchange).map((mail) => mail.began));
    const chance = hadChance(timeline, endOf(asked), Math.min(began, expiry));
    if (began <= expiry && !chance) return [];
    const refusals = mailSink.refused.filter(({ to }) => to === asked.email);
    const refused = refusals.some(({ at }) => at >= asked.at);
    const lost = timeline.mayForget(asked.at, endOf(asked), expiry);
    const excuse =
      (refused && 'refused by the mail server') ||
      (refusals.length > 1 && 'suppressed after two refusals') ||
      (lost && 'forgotten by Redis') ||
      (!chance && 'without a chance') ||
      undefined;
    const what = began <= expiry ? `mailed after ${(began - asked.at) / 1000} s` : 'not mailed';
    return [{ excuse, line: `${what}: ${describe(asked)}; ${outcomesOf(asked, evidence)}` }];
  });
}

/** Describes the mails that were enqueued during a request. */
function outcomesOf(asked: Entry, { state }: Evidence): string {
  const mails = state.outbox.filter(
    ({ kind, createdAt }) => kind === 'mail' && createdAt >= asked.at && createdAt <= endOf(asked),
  );
  return mails.map(({ outcome, attempts }) => `${outcome} at attempt ${attempts}`).join(', ');
}

function lateCodes(exchange: Exchange, { codeLifetime, timeline }: Evidence): string[] {
  return exchange.certain.flatMap((asked) => {
    const expiry = endOf(asked) + codeLifetime;
    return mailsFor(asked, exchange)
      .filter(({ began }) => began > expiry + ON_ITS_WAY)
      .filter(({ worker, began }) => !wasFrozen(timeline, worker, [expiry, began]))
      .map(({ began }) => `${(began - expiry) / 1000} s after expiry: ${describe(asked)}`);
  });
}

const distinct = (received: readonly ReceivedMail[]): number =>
  new Set(received.map(({ messageId }) => messageId)).size;

function missingNotices({ to, subject, certain, received }: Exchange): string[] {
  const count = distinct(received);
  if (count >= certain.length) return [];
  const causes = certain.map(describe).join('; ');
  return [`${to} got ${count} of ${certain.length} mails “${subject}”: ${causes}`];
}

function surplusMails({ to, subject, certain, possible, received }: Exchange): string[] {
  const count = distinct(received);
  const most = certain.length + possible.length;
  return count > most ? [`${to} got ${count} mails “${subject}”, of ${most} at most`] : [];
}

/** A mail comes twice only where nobody can know whether it came, and is then the same. */
function judgeDoubles({ mailSink, timeline }: Evidence): Verdict {
  const mails = Map.groupBy(mailSink.received, ({ messageId }) => messageId);
  const breaches: string[] = [];
  let allowed = 0;
  for (const [messageId, received] of mails) {
    for (const [index, second] of received.slice(1).entries()) {
      const first = received[index] as ReceivedMail;
      const what = `${messageId} to ${first.to} ${second.began - first.at} ms later`;
      if (first.digest !== second.digest) breaches.push(`${what}: it is another text`);
      if (isWindow(timeline, first, second)) allowed += 1;
      else breaches.push(`${what}, by worker ${first.worker + 1}, then ${second.worker + 1}`);
    }
  }
  return {
    rule: 'no mail is sent twice outside the known window',
    seen: mails.size,
    breaches,
    apart: `${allowed} in the window`,
  };
}
