import { ProblemError } from './problem.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Parameters of a form. */
export type Form = Readonly<Partial<Record<string, string>>>;

/**
 * Reads a form (RFC 6749 appendix B). Ignores parameters without a value (§3.2). Errors quote nothing.
 *
 * @throws ProblemError for another content type or text that is not UTF-8, or if a parameter occurs twice
 */
export function parseForm(bytes: ArrayBuffer | Uint8Array, contentType: string | undefined): Form {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== FORM_TYPE) {
    const detail = `Send a form with the header Content-Type: ${FORM_TYPE}`;
    throw new ProblemError('unsupported-media-type', detail);
  }
  const parameters = new URLSearchParams(decode(bytes));
  const names = new Set(parameters.keys());
  if (names.size < parameters.size) {
    throw new ProblemError('bad-request', 'A parameter occurs twice: send it once');
  }
  return Object.fromEntries(parameters.entries().filter(([, value]) => value !== ''));
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: ArrayBuffer | Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ProblemError('bad-request', 'The body is not valid UTF-8');
  }
}
