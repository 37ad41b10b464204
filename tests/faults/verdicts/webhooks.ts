import type { Evidence, Verdict } from '../verdict.ts';
import { messagesOf } from '../webhook.ts';

/** Every event reaches its webhook, and the list of deliveries says so. */
export function judgeWebhooks({ webhook, state }: Evidence): Verdict[] {
  if (!webhook) return [];
  const { sink, before, deliveries, deadLetters } = webhook;
  const expected = state.events.filter(({ id }) => !before.has(id)).flatMap(messagesOf);
  const known = new Set(expected);
  const accepted = sink.received.filter(({ isAccepted }) => isAccepted);
  const arrived = new Set(accepted.map(({ id }) => id));
  const listed = Map.groupBy(deliveries, ({ messageId }) => messageId);
  const again = deliveries.filter(({ id }) => deadLetters.includes(id));
  return [
    {
      rule: 'every event reaches its webhook at least once',
      seen: expected.length,
      breaches: expected.filter((id) => !arrived.has(id)).map((id) => `message ${id}`),
      apart: `${accepted.length - arrived.size} more than once, ${sink.received.length - accepted.length} not accepted`,
    },
    {
      rule: 'every message has one delivery, which is marked as delivered',
      seen: deliveries.length,
      breaches: expected.flatMap((id) => {
        const states = (listed.get(id) ?? []).map(({ status }) => status);
        return states.join() === 'DELIVERED' ? [] : [`message ${id}: ${states.join() || 'none'}`];
      }),
    },
    {
      rule: 'messages are about recorded events, and signed',
      seen: sink.received.length,
      breaches: sink.received
        .filter(({ id, isSigned }) => !isSigned || !known.has(id))
        .map(({ id, type, isSigned }) => `${type} ${id}${isSigned ? '' : ' without a signature'}`),
    },
    {
      rule: 'dead letters are listed, and sent again on request',
      seen: deadLetters.length,
      breaches: again
        .filter(({ status, messageId }) => status !== 'DELIVERED' || !arrived.has(messageId))
        .map(({ id, status }) => `delivery ${id} is ${status}`),
    },
    {
      rule: 'no redirect of a receiver is followed',
      seen: sink.received.length,
      breaches: sink.redirected > 0 ? [`${sink.redirected} requests`] : [],
    },
  ];
}
