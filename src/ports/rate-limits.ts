/** At most `max` attempts in a fixed window of `seconds`, which begins with the first attempt. */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
}

/** A limit on the attempts of one subject. */
export interface RateLimit extends Limit {
  /** Key of the setting; part of the event when it is exceeded. */
  readonly name: string;
  readonly subject: string;
  /**
   * `own` (the default): attempts of one client, cleared when it succeeds. `evictable`: the same
   * for an unknown client; if an address has very many, the oldest is dropped. `shared`: attempts
   * of several clients; a success refunds only its own attempt.
   */
  readonly kind?: 'own' | 'evictable' | 'shared';
}

/** A rate limit is used up: nothing was consumed, and nothing was compared. */
export interface RateLimitExceeded {
  readonly name: string;
  /** Whole seconds until the window ends. */
  readonly wait: number;
  /** Present until the event of this limit, client and window (`key`) is known to be recorded. */
  readonly unrecorded?: {
    readonly key: string;
    /**
     * Marks the event as recorded. Call it after the commit; otherwise the next attempt looks the
     * event up again.
     */
    confirm(): void;
  };
}

type Exceeded = Promise<RateLimitExceeded | undefined>;

/** Rate limits of one kind of subject, exact under any concurrency. */
export interface SubjectRateLimits {
  /**
   * Returns what `consume` would return, and consumes nothing. Asks Redis only if this process has
   * seen a limit of the subject used up; otherwise returns undefined.
   */
  check(subject: string, limits: readonly RateLimit[], client: string): Exceeded;
  /** Consumes one attempt of each limit in one step, or of none if one is used up. */
  consume(subject: string, limits: readonly RateLimit[], client: string): Exceeded;
  /** Refunds one attempt of each limit. Never rejects: a lost refund stays counted. */
  refund(subject: string, limits: readonly RateLimit[]): Promise<void>;
}

/** A window that has not ended. */
export interface RateLimitWindow {
  readonly name: string;
  readonly subject: string;
  readonly taken: number;
  /** Whole seconds until it ends. */
  readonly wait: number;
}

/** Rate limits of addresses. */
export interface RateLimits extends SubjectRateLimits {
  /** Counts the distinct addresses that a client and its networks, widest first, use. */
  touch(address: string, networks: readonly string[]): Exceeded;
  /** Lists the windows of an address, of all clients. */
  list(address: string): Promise<readonly RateLimitWindow[]>;
  /** Clears all attempts of an address, and its mailed codes, of all clients. */
  clear(address: string): Promise<void>;
  /** Returns whether there is memory for state that unknown clients cause. */
  hasRoom(): Promise<boolean>;
}

/** State of a client's rate limit after an attempt. */
export interface RateLimitStatus {
  readonly name: string;
  readonly limit: Limit;
  /** Attempts left in the window. */
  readonly left: number;
  /** Whole seconds until the window ends. */
  readonly wait: number;
  /** Present if this attempt exceeded the limit. */
  readonly exceeded: RateLimitExceeded | undefined;
}

/** A rate limit of one field per client, exact under any concurrency. */
export interface ClientRateLimit {
  readonly limit: Limit;
  consume(client: string): RateLimitStatus | Promise<RateLimitStatus>;
  /** Refunds one attempt whose operation was not started. Never rejects. */
  refund(client: string): void | Promise<void>;
}

/** A rate limit that a server counts by itself, without Redis. */
export interface ServerRateLimit extends ClientRateLimit {
  consume(client: string): RateLimitStatus;
  refund(client: string): void;
}
