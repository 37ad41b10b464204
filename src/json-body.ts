/** What both doors take of a request body. */

/** Bytes; the largest valid one is a fraction of it. */
export const MAX_BODY = 100_000;

/** Whether a `Content-Type` header says JSON, in whatever case and with whatever parameters. */
export const isJson = (contentType: string | null): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
