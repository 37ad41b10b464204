/** What both doors take of a request body. */

/** Bytes; the largest valid one is a fraction of it. */
export const MAX_BODY = 100_000;

/** Message for a body without the content type of JSON. */
export const JSON_ONLY = 'Send JSON with the header Content-Type: application/json';

/** Whether a `Content-Type` header says JSON, in whatever case and with whatever parameters. */
export const isJson = (contentType: string | null): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/**
 * A body that is JSON in UTF-8 (RFC 8259 §8.1). Other bytes are no text, and stand for no character:
 * two passwords of such bytes would be one.
 *
 * @throws Error that quotes the body
 */
export const parseJson = (bytes: ArrayBuffer): unknown =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
