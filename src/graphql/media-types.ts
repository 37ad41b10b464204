/** Media types of responses, and the ranges of `Accept` that each one fits. */
const responseTypes = [
  ['application/json', /^(\*\/\*|application\/(\*|json))(;|$)/],
  ['application/graphql-response+json', /^application\/graphql-response\+json(;|$)/],
] as const;

/**
 * Chooses the media type of the response by the first matching range. Ignores weights, and ranges
 * with a charset other than UTF-8.
 */
export function responseType(accept: string | null | undefined): string | undefined {
  const ranges = (accept || '*/*').toLowerCase().replace(/\s/g, '').split(',');
  for (const range of ranges) {
    if (/;[^;]*charset=(?!utf-8(;|$))/.test(range)) continue;
    const found = responseTypes.find(([, pattern]) => pattern.test(range));
    if (found) return found[0];
  }
  return undefined;
}

const eventStream = /^(\*\/\*|text\/(\*|event-stream))(;|$)/;

/** Whether a client accepts Server-Sent Events. */
export const acceptsStream = (accept: string | null | undefined): boolean =>
  (accept || '*/*')
    .toLowerCase()
    .replace(/\s/g, '')
    .split(',')
    .some((range) => eventStream.test(range));
