import type { Evidence, Verdict } from '../verdict.ts';

/** Every entry of the outbox comes to an end, and what it says of a mail is true. */
export function judgeOutbox({ state, mailSink }: Evidence): Verdict[] {
  const waiting = state.outbox.filter(({ outcome }) => outcome === null);
  const taken = new Set(
    mailSink.received.filter(({ answered }) => answered).map(({ messageId }) => idIn(messageId)),
  );
  const mails = state.outbox.filter(({ kind }) => kind === 'mail');
  const delivered = mails.filter(({ outcome }) => outcome === 'DELIVERED');
  const outcomes = Map.groupBy(mails, ({ outcome }) => outcome ?? 'WAITING');
  return [
    {
      rule: 'every outbox entry completes',
      seen: state.outbox.length,
      breaches: waiting.map(({ id, kind, attempts }) => `${kind} ${id} after ${attempts} attempts`),
      apart: [...outcomes].map(([outcome, { length }]) => `${length} ${outcome}`).join(', '),
    },
    {
      rule: 'mails marked as sent were accepted by the mail server',
      seen: delivered.length,
      breaches: delivered.filter(({ id }) => !taken.has(id)).map(({ id }) => `mail ${id}`),
    },
  ];
}

const idIn = (messageId: string): string => messageId.slice(1).split('@', 1)[0] ?? '';
