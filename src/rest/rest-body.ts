import type { z } from 'zod';
import { isJson, JSON_ONLY, parseJson } from '../http/json-body.ts';
import { restName } from './field-names.ts';
import { invalidInput, RestProblem } from './rest-problem.ts';

/**
 * Reads the GraphQL input out of a JSON body: the fields that the route knows, under their GraphQL
 * names. What else there is, is ignored (contract §1).
 *
 * @throws RestProblem
 */
export async function readInput(
  request: Request,
  fields: z.ZodObject['shape'],
): Promise<Record<string, unknown>> {
  const body = await readJson(request);
  const given = Object.keys(fields).flatMap((field) => {
    const name = restName(field);
    return Object.hasOwn(body, name) ? [[field, asText(field, body[name])]] : [];
  });
  return Object.fromEntries(given);
}

async function readJson(request: Request): Promise<Record<string, unknown>> {
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength === 0) return {};
  if (!isJson(request.headers.get('content-type'))) {
    throw new RestProblem(
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

function parse(bytes: ArrayBuffer): unknown {
  try {
    return parseJson(bytes);
  } catch {
    // The parser's own message quotes the body.
    throw new RestProblem('bad-request', 'JSON parse error');
  }
}

/** A code may come as a JSON number, which has lost the zeros in front. */
const asText = (field: string, value: unknown): unknown =>
  field === 'otp' && Number.isInteger(value) && Number(value) >= 0
    ? String(value).padStart(6, '0')
    : value;
