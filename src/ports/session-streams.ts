/** The client and session of an open stream. */
export interface StreamOwner {
  readonly sessionId: string;
  readonly accountId: string;
  /** Network that limits are counted by. */
  readonly prefix: string;
  /** When the access token expires, as Unix time in seconds. */
  readonly expiresAt: number;
}

/** Open streams of this process, each of which waits for the end of its session. */
export interface SessionStreams {
  /** Number of open streams. */
  readonly size: number;
  /**
   * Opens a stream: it has the id of the session when that ends, and completes then or when the
   * access token expires.
   *
   * @throws AuthError RATE_LIMITED past a limit of the client or the account
   * @throws OverloadedError past the limit of the process
   */
  open(owner: StreamOwner): AsyncIterableIterator<string>;
  /** Completes all streams, and rejects further ones. */
  close(): void;
}
