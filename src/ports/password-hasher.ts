/** A place in the queue of hashes, kept until it is disposed of. */
export interface HashPlace extends Disposable {
  /**
   * Waits until a hash may begin, and returns `hash` without waiting. Call it before a transaction,
   * which would otherwise hold a connection while its hash waits.
   */
  start(): Promise<Passwords['hash']>;
}

/** The queue of hashes: places, those that requests hold, hashes, and refused requests so far. */
export interface HashQueue {
  readonly capacity: number;
  readonly reserved: number;
  readonly running: number;
  readonly waiting: number;
  readonly refused: number;
}

/** Password hashing, argon2id (OWASP Password Storage; ASVS 5.0 11.4.2). */
export interface Passwords {
  queue(): HashQueue;
  /**
   * Reserves a place in the queue; the last ones are for known clients. Call it before an attempt
   * is counted, so that an overload counts nothing.
   *
   * @throws OverloadedError if the queue is full
   */
  reserve(known: boolean): HashPlace;
  hash(password: string): Promise<string>;
  /**
   * Returns whether `password` matches `stored`. Without a stored hash, does the same work on a
   * decoy, so that the time does not reveal which accounts have a password.
   */
  verify(stored: string | null, password: string): Promise<boolean>;
  /**
   * Returns what to store instead of the hash of a password that was right: the same hash, with its
   * parameters in order, or a new one if they are not the current ones.
   */
  renew(stored: string, password: string): Promise<string>;
}
