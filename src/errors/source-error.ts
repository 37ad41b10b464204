/** A file or database to import from cannot be read. The message names it, the place and the cure. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}
