import type { z } from 'zod';
import { isJson, JSON_ONLY, parseJson } from '../http/json-body.ts';
import { restName } from './field-names.ts';
import { InvalidRequest, invalidInput } from './rest-problem.ts';

/** Reads the GraphQL input from a JSON body. Ignores unknown fields. */
export function readInput(
  bytes: ArrayBuffer | Uint8Array,
  contentType: string | undefined,
  fields: z.ZodObject['shape'],
): Record<string, unknown> {
  const body = readJson(bytes, contentType);
  const given = Object.keys(fields).flatMap((field) => {
    const name = restName(field);
    return Object.hasOwn(body, name) ? [[field, asText(field, body[name])]] : [];
  });
  return Object.fromEntries(given);
}

function readJson(
  bytes: ArrayBuffer | Uint8Array,
  contentType: string | undefined,
): Record<string, unknown> {
  if (bytes.byteLength === 0) return {};
  if (!isJson(contentType)) {
    throw new InvalidRequest(
      'unsupported-media-type',
      `Unsupported media type in request. ${JSON_ONLY}.`,
    );
  }
  const body = parse(bytes);
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) {
    return body as Record<string, unknown>;
  }
  const kind = Array.isArray(body) ? ', but got list' : '';
  throw invalidInput({ non_field_errors: [`Invalid data. Expected a dictionary${kind}.`] });
}

/** Parses JSON. The parser's own error would quote the body. */
function parse(bytes: ArrayBuffer | Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch {
    throw new InvalidRequest('bad-request', 'JSON parse error');
  }
}

/** Converts a code that is a JSON number, which lacks leading zeros, to text. */
const asText = (field: string, value: unknown): unknown =>
  field === 'otp' && Number.isInteger(value) && Number(value) >= 0
    ? String(value).padStart(6, '0')
    : value;
