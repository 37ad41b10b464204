/** Maximum bytes of a request body. The largest valid body is a fraction of it. */
export const MAX_BODY = 100_000;

/** Message for a body without the content type of JSON. */
export const JSON_ONLY = 'Send JSON with the header Content-Type: application/json';

/** Whether a `Content-Type` header says JSON, in any case and with any parameters. */
export const isJson = (contentType: string | null | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses JSON in UTF-8 (RFC 8259 §8.1); errors quote the body. Rejects invalid UTF-8, because lenient
 * decoding would map different passwords to the same string.
 */
export const parseJson = (bytes: ArrayBuffer | Uint8Array): unknown =>
  JSON.parse(decoder.decode(bytes));
