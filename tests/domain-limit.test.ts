import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DomainLimit } from '#src/concurrency/domain-limit.ts';
import { OverloadedError } from '#src/errors/overloaded.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A mail server that takes as long as the test says. */
function openServer() {
  const limit = new DomainLimit();
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const outcomes: Record<string, unknown> = {};
  return {
    begun,
    outcomes,
    /** @param name `number@domain` */
    send(name: string): void {
      const [, domain = ''] = name.split('@');
      const sent = limit.run(domain, () => {
        begun.push(name);
        const end = Promise.withResolvers<void>();
        ends.set(name, end);
        return end.promise;
      });
      sent.then(
        () => Object.assign(outcomes, { [name]: 'sent' }),
        (error) => Object.assign(outcomes, { [name]: error }),
      );
    },
    async end(name: string, error?: Error) {
      if (error) ends.get(name)?.reject(error);
      else ends.get(name)?.resolve();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

it('sends at most 3 mails to one domain concurrently, and the others in their order', async () => {
  const { send, begun, end } = openServer();
  for (const name of ['1@a', '2@a', '3@a', '4@a', '5@a']) send(name);
  expect(begun).toEqual(['1@a', '2@a', '3@a']);
  await end('2@a');
  expect(begun).toEqual(['1@a', '2@a', '3@a', '4@a']);
  await end('4@a', new Error('refused'));
  expect(begun).toEqual(['1@a', '2@a', '3@a', '4@a', '5@a']);
});

it('sends at most 5 mails concurrently, and to other domains while one is slow', async () => {
  const { send, begun, end } = openServer();
  for (const name of ['1@a', '2@a', '3@a', '4@a', '1@b', '1@c', '1@d']) send(name);
  expect(begun).toEqual(['1@a', '2@a', '3@a', '1@b', '1@c']);
  await end('1@b');
  expect(begun.slice(5)).toEqual(['1@d']);
  await end('1@a');
  expect(begun.slice(6)).toEqual(['4@a']);
});

it('refuses a mail that would wait longer than a second', async () => {
  const { send, begun, outcomes, end } = openServer();
  for (const name of ['1@a', '2@a', '3@a']) send(name);
  await vi.advanceTimersByTimeAsync(400);
  send('4@a');
  await vi.advanceTimersByTimeAsync(590);
  expect(outcomes).toEqual({});
  // All deliveries are slow now.
  await vi.advanceTimersByTimeAsync(20);
  expect(outcomes).toEqual({ '4@a': expect.any(OverloadedError) });
  send('5@a');
  await vi.advanceTimersByTimeAsync(0);
  expect(outcomes).toMatchObject({ '5@a': expect.any(OverloadedError) });
  await end('1@a');
  send('6@a');
  send('7@a');
  // A new delivery may end soon.
  await vi.advanceTimersByTimeAsync(990);
  expect(outcomes).not.toHaveProperty('7@a');
  await end('6@a');
  expect(begun.slice(3)).toEqual(['6@a', '7@a']);
  expect(vi.getTimerCount()).toBe(0);
});
