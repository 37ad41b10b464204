import type { Worker } from 'node:cluster';

/**
 * Sends a message to another process of Gatehouse, if there is a channel. Ignores a failure: one that
 * has just died needs no message, and without the callback the error would end this process.
 */
export const tell = (other: Worker | NodeJS.Process, message: object): unknown =>
  other.send?.(message, undefined, undefined, () => undefined);
