/** A value as the protocol of PostgreSQL sends it: as text, or a buffer as it is. */
type Encoded = string | Buffer | null;

/** Encodes the value of a parameter. Objects become JSON. */
export function encodeValue(value: unknown): Encoded {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return encodeTime(value);
  if (Array.isArray(value)) return encodeArray(value);
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean}`;
}

/** Encodes an array, as array_in reads it. */
const encodeArray = (values: readonly unknown[]): string =>
  `{${values.map(encodeElement).join(',')}}`;

function encodeElement(value: unknown): string {
  if (Array.isArray(value)) return encodeArray(value);
  const encoded = encodeValue(value);
  if (encoded === null) return 'NULL';
  const text = typeof encoded === 'string' ? encoded : `\\x${encoded.toString('hex')}`;
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** ISO 8601 as PostgreSQL reads it: it has no year 0, and years may have more than four digits. */
function encodeTime(time: Date): string {
  const text = time.toISOString();
  const year = time.getUTCFullYear();
  if (year >= 1 && year <= 9999) return text;
  const rest = text.slice('-01-01T00:00:00.000Z'.length * -1);
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}
