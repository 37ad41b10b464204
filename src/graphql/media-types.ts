/** Media types of responses, and the ranges of `Accept` that each one fits. */
const responseTypes = [
  ['application/json', /^(\*\/\*|application\/(\*|json))(;|$)/],
  ['application/graphql-response+json', /^application\/graphql-response\+json(;|$)/],
] as const;

type Accept = string | null | undefined;

/** Ranges without weights. Ignores those with a charset other than UTF-8, as Yoga does. */
const rangesIn = (accept: Accept): readonly string[] =>
  (accept || '*/*')
    .toLowerCase()
    .replace(/\s/g, '')
    .split(',')
    .filter((range) => !/;(?!charset=utf-8(;|$))[^;]*charset=/.test(range));

/** Chooses the media type of the response by the first matching range. */
export function responseType(accept: Accept): string | undefined {
  for (const range of rangesIn(accept)) {
    const found = responseTypes.find(([, pattern]) => pattern.test(range));
    if (found) return found[0];
  }
  return undefined;
}

const eventStream = /^(\*\/\*|text\/(\*|event-stream))(;|$)/;

/** Whether a client accepts Server-Sent Events. */
export const acceptsStream = (accept: Accept): boolean =>
  rangesIn(accept).some((range) => eventStream.test(range));
