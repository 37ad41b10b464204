import { createHash } from 'node:crypto';
import type { Command } from 'ioredis';
import { vi } from 'vitest';
import { scripts } from '#src/adapters/redis-scripts.ts';
import type { TestApp } from './app.ts';
import { countHashes } from './count-hashes.ts';
import { recordStatements } from './statements.ts';

/** Cost of one operation. */
export interface Cost {
  /** Statements outside and inside transactions, without `begin` and `commit`. */
  readonly statements: number;
  readonly transactions: number;
  /** Round trips to Redis that the response waits for. Commands sent together are one. */
  readonly redis: number;
  /** Commands of Redis that nothing waits for. */
  readonly later: number;
  readonly hashes: number;
}

const shaOf = (lua: string) => createHash('sha1').update(lua).digest('hex');
const refunds = new Set([shaOf(scripts.settleCode), shaOf(scripts.refundWindows)]);

/** Periodic checks, and the check of a new connection. */
const isOwn = (text: string) => / where false$|^select pg_backend_pid/.test(text);

/**
 * Counts what a request costs, at the drivers. Refunds and announcements get no reply before the
 * response is there. @throws if the request waited for one
 */
export async function costOf(app: TestApp, ask: () => Promise<unknown>): Promise<Cost> {
  const { redis, queueRedis } = app.runtime;
  const answered = Promise.withResolvers<void>();
  const statements = await recordStatements(app.runtime);
  using hashes = countHashes();
  let inFlight = 0;
  let roundTrips = 0;
  let later = 0;
  let isWaitedFor = false;
  const hold = (command: Command) => {
    const { resolve } = command;
    // It times out after a second.
    command.promise.catch(() => {
      isWaitedFor = true;
    });
    command.resolve = (value) => void answered.promise.then(() => resolve(value));
  };
  const send = redis.sendCommand.bind(redis);
  vi.spyOn(redis, 'sendCommand').mockImplementation((command, stream) => {
    if (command.name === 'info' || command.args.join().includes('{probe}'))
      return send(command, stream);
    if (refunds.has(String(command.args[0]))) {
      later += 1;
      hold(command);
      return send(command, stream);
    }
    if (inFlight === 0) roundTrips += 1;
    inFlight += 1;
    void command.promise.finally(() => (inFlight -= 1)).catch(() => undefined);
    return send(command, stream);
  });
  const sendToQueue = queueRedis.sendCommand.bind(queueRedis);
  vi.spyOn(queueRedis, 'sendCommand').mockImplementation((command, stream) => {
    hold(command);
    return sendToQueue(command, stream);
  });
  try {
    await ask();
  } finally {
    answered.resolve();
    statements.stop();
    vi.restoreAllMocks();
  }
  if (isWaitedFor) throw new Error('The request waited for a refund or an announcement.');
  const sent = statements.sent.map(({ text }) => text).filter((text) => !isOwn(text));
  const transactions = sent.filter((text) => text.startsWith('begin')).length;
  return {
    statements: sent.filter((text) => !/^(begin|commit|rollback)\b/.test(text)).length,
    transactions,
    redis: roundTrips,
    later,
    hashes: hashes.count,
  };
}
