/** Removes from a message the setting that development names at its end. */
export const withoutHint = (message: unknown): string =>
  String(message).replace(/ \(LIMIT_\w+, \d+\/\d+ in development\)$/, '');
