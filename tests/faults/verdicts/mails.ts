import { type Deed, deeds, subjects } from '../actions.ts';
import { answerOf, describe, type Entry, endOf } from '../ledger.ts';
import type { Reception } from '../mail-sink.ts';
import type { Evidence, Verdict } from '../verdict.ts';
import { hadChance, isWindow, wasFrozen } from './mail-excuses.ts';

/** Milliseconds between a worker's last look at a code and the first word to the mail server. */
const ON_ITS_WAY = 2000;

const isCode = (subject: string) => Object.values<string>(subjects).includes(subject);
const keyOf = (to: string, subject: string) => `${to}: ${subject}`;

/** What was asked for and what came, of one subject to one address. */
interface Exchange {
  readonly to: string;
  readonly subject: string;
  /** Whose mail must come, and whose may; in order. */
  readonly certain: Entry[];
  readonly possible: Entry[];
  /** Every arrival, in order. */
  readonly receptions: readonly Reception[];
}

/** Every mail is sent, once, in time. */
export function judgeMails(evidence: Evidence): Verdict[] {
  const exchanges = exchangesOf(evidence);
  const codes = exchanges.filter(({ subject }) => isCode(subject));
  const notices = exchanges.filter(({ subject }) => !isCode(subject));
  const refused = new Set(evidence.sink.refused.map(({ to }) => to));
  const missing = codes.flatMap((exchange) => missingCodes(exchange, evidence));
  const unexcused = missing.filter(({ excuse }) => !excuse);
  const excused = Map.groupBy(missing, ({ excuse }) => excuse);
  excused.delete(undefined);
  return [
    {
      rule: 'every code is mailed before it expires',
      seen: codes.flatMap(({ certain }) => certain).length,
      breaches: unexcused.map(({ line }) => line),
      apart: [...excused].map(([excuse, { length }]) => `${length} ${excuse}`).join(', '),
    },
    {
      rule: 'no code is mailed after that',
      seen: codes.flatMap(({ receptions }) => receptions).length,
      breaches: codes.flatMap((exchange) => lateCodes(exchange, evidence)),
    },
    {
      rule: 'every notice is mailed',
      seen: notices.flatMap(({ certain }) => certain).length,
      breaches: notices.filter(({ to }) => !refused.has(to)).flatMap(missingNotices),
    },
    {
      rule: 'no mail is sent that nobody caused',
      seen: evidence.sink.received.length,
      breaches: exchanges.flatMap(surplusMails),
    },
    judgeDoubles(evidence),
  ];
}

function exchangesOf({ ledger, sink }: Evidence): Exchange[] {
  const exchanges = new Map<string, Exchange>();
  const of = (to: string, subject: string): Exchange => {
    const found = exchanges.get(keyOf(to, subject));
    if (found) return found;
    const receptions = sink.mailsTo(to).filter((mail) => mail.subject === subject);
    const made = { to, subject, certain: [], possible: [], receptions };
    exchanges.set(keyOf(to, subject), made);
    return made;
  };
  for (const { to, subject } of sink.received) of(to, subject);
  for (const entry of ledger.entries) {
    const { yields, mail, mayMail }: Deed = deeds[entry.deed];
    const answer = answerOf(entry);
    const sure = answer !== undefined && yields[answer] !== undefined;
    if (sure && mail) of(entry.email, mail).certain.push(entry);
    const may = mail ?? mayMail;
    if (!sure && entry.outcome !== 'unsent' && may) of(entry.email, may).possible.push(entry);
  }
  return [...exchanges.values()];
}

/** The mails that came for a code: a person asks for one at a time. */
function mailsFor(asked: Entry, { certain, possible, receptions }: Exchange): Reception[] {
  const next = [...certain, ...possible].filter(({ at }) => at > asked.at).map(({ at }) => at);
  const until = Math.min(...next);
  return receptions.filter(({ at }) => at >= asked.at && at < until);
}

function missingCodes(exchange: Exchange, evidence: Evidence) {
  const { codeLife, timeline, sink } = evidence;
  return exchange.certain.flatMap((asked) => {
    const expiry = endOf(asked) + codeLife;
    if (mailsFor(asked, exchange).some(({ began }) => began <= expiry)) return [];
    const refused = sink.refused.some(({ to, at }) => to === asked.email && at >= asked.at);
    const lost = timeline.between(asked.at, expiry, 'empty').length > 0;
    const excuse =
      (refused && 'refused by the mail server') ||
      (lost && 'forgotten by Redis') ||
      (!hadChance(timeline, endOf(asked), expiry) && 'without a chance') ||
      undefined;
    return [{ excuse, line: `no mail came for ${describe(asked)}` }];
  });
}

function lateCodes(exchange: Exchange, { codeLife, timeline }: Evidence): string[] {
  return exchange.certain.flatMap((asked) => {
    const expiry = endOf(asked) + codeLife;
    return mailsFor(asked, exchange)
      .filter(({ began }) => began > expiry + ON_ITS_WAY)
      .filter(({ worker, began }) => !wasFrozen(timeline, worker, [expiry, began]))
      .map(({ began }) => `${(began - expiry) / 1000} s after expiry: ${describe(asked)}`);
  });
}

const distinct = (receptions: readonly Reception[]): number =>
  new Set(receptions.map(({ messageId }) => messageId)).size;

function missingNotices({ to, subject, certain, receptions }: Exchange): string[] {
  const count = distinct(receptions);
  if (count >= certain.length) return [];
  const causes = certain.map(describe).join('; ');
  return [`${to} got ${count} of ${certain.length} mails “${subject}”: ${causes}`];
}

function surplusMails({ to, subject, certain, possible, receptions }: Exchange): string[] {
  const count = distinct(receptions);
  const most = certain.length + possible.length;
  return count > most ? [`${to} got ${count} mails “${subject}”, of ${most} at most`] : [];
}

/** A mail comes twice only where nobody can know whether it came, and is then the same. */
function judgeDoubles({ sink, timeline }: Evidence): Verdict {
  const mails = Map.groupBy(sink.received, ({ messageId }) => messageId);
  const breaches: string[] = [];
  let allowed = 0;
  for (const [messageId, receptions] of mails) {
    for (const [index, second] of receptions.slice(1).entries()) {
      const first = receptions[index] as Reception;
      const what = `${messageId} to ${first.to} ${second.began - first.at} ms later`;
      if (first.digest !== second.digest) breaches.push(`${what}: it is another text`);
      if (isWindow(timeline, first, second)) allowed += 1;
      else breaches.push(`${what}, by worker ${first.worker + 1}, then ${second.worker + 1}`);
    }
  }
  return {
    rule: 'no mail is doubled but in the one window',
    seen: mails.size,
    breaches,
    apart: `${allowed} in the window`,
  };
}
