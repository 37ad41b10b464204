/** A signature, and the public name of its key. */
export interface Signature {
  readonly keyId: string;
  readonly signature: Buffer;
}

/** The key that signs the chain of the audit log, derived from `SECRET_KEY`. */
export interface AuditKey {
  /** Signs with the key of the current secret. */
  sign(digest: Buffer): Signature;
  /** Checks a signature under the current or the previous secret. */
  verify(digest: Buffer, signed: Signature): 'right' | 'wrong' | 'unknown key';
}
