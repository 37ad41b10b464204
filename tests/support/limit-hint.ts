/** A message without the setting that development names at its end: as production sends it. */
export const withoutHint = (message: unknown): string =>
  String(message).replace(/ \(LIMIT_\w+, \d+\/\d+ in development\)$/, '');
