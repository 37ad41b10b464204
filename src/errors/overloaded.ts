/** The operation was not started: nothing was consumed, compared or changed. */
export class NotStarted extends Error {
  override readonly name: string = 'NotStarted';
}

/** The queue is full. The operation was not started. */
export class OverloadedError extends NotStarted {
  override readonly name = 'OverloadedError';
  /** Whole seconds after which it is worth trying again. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`The queue is full. Try again in ${retryAfter} s.`);
    this.retryAfter = retryAfter;
  }
}
