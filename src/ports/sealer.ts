/** Authenticated encryption for data at rest, under keys derived from `SECRET_KEY`. */
export interface Sealer {
  /** @param label bound to the sealed text, which opens only under the same label */
  seal(label: string, text: string): Promise<string>;
  /** @throws if the text was changed, sealed under another label, or under an unknown secret */
  open(label: string, sealed: string): Promise<string>;
  /** Returns which secret sealed it. */
  secretOf(sealed: string): 'current' | 'previous' | 'other';
}
