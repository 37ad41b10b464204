import { readFileSync } from 'node:fs';

/**
 * Null if every limit has room. Otherwise the index of the first limit that is used up, the
 * milliseconds to wait, and the end of its window.
 */
export type WindowReply = [index: number, milliseconds: number, end: number] | null;

/** Replies of the scripts. */
export interface Replies {
  checkWindows: WindowReply;
  consumeWindows: WindowReply;
  refundWindows: null;
  clearWindows: null;
  listWindows: [field: string, taken: number, milliseconds: number][];
  consumeWindow: [taken: number, milliseconds: number, exceeded?: WindowReply];
  issueCode: [usedUp: 'address' | 'mailbox', WindowReply] | null;
  redeemCode: ['superseded'] | ['wrong'] | ['refused', WindowReply] | ['right', challenge: string];
  settleCode: null;
  restoreCode: null;
  /** After success: the milliseconds for which the client may return to the address. */
  touchAddress: WindowReply | number;
}

const read = (name: string) => readFileSync(`${import.meta.dirname}/lua/${name}.lua`, 'utf8');
const prelude = read('prelude');

/** Scripts that run for requests. */
export const scripts: Record<keyof Replies, string> = {
  checkWindows: `${prelude} return exceeded(KEYS[1], input.limits)`,
  consumeWindows: `${prelude} return consume(KEYS[1], input.limits)`,
  refundWindows: `${prelude} refund(KEYS[1], input.limits)`,
  listWindows: `${prelude} return list(KEYS[1])`,
  clearWindows: `${prelude} clear(KEYS[1])`,
  consumeWindow: prelude + read('consume-window'),
  issueCode: prelude + read('issue-code'),
  redeemCode: prelude + read('redeem-code'),
  settleCode: prelude + read('settle-code'),
  restoreCode: prelude + read('restore-code'),
  touchAddress: prelude + read('touch-address'),
};

/** First parts of the keys of requests. A user needs access to each. */
const kinds = ['address', 'code', 'mailbox', 'client', 'touched', 'refusals', 'writer'];

/** Scripts that check Redis. PING succeeds even if Redis is full, read-only or cannot save. */
export const probes = {
  request: { lua: read('probe-requests'), keys: kinds.map((kind) => `${kind}:{probe}`) },
  queue: { lua: read('probe-queue'), keys: ['{gatehouse}:{probe}', '{gatehouse}:{probe}:list'] },
};
