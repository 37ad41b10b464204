/** Authenticated encryption for data at rest, under keys derived from `SECRET_KEY`. */
export interface Sealer {
  /** Encrypts a text, which can be decrypted only under the same label. */
  seal(label: string, text: string): string;
  /** @throws if the text was changed, or encrypted under another label or an unknown secret */
  open(label: string, sealed: string): string;
  /** Returns which secret encrypted a text. */
  secretOf(sealed: string): 'current' | 'previous' | 'other';
}
