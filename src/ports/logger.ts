/** Structured log lines. Never pass a secret that a client sent. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** Returns the same log with these fields in each line. */
  child(fields: object): Log;
}

/** Logs the warning of an event once per process, or once for each of its details. */
export type WarnOnce = (event: string, message: string, details?: object) => void;
