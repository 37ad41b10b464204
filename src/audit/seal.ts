import { sha256 } from './row-digest.ts';

/**
 * Kinds of seals. START: rows with ids from before `bound` may be outside the chain. EVENTS: rows of
 * the log. PRUNED: rows with ids from before `bound`, and those listed, may be missing.
 */
export type SealKind = 'START' | 'EVENTS' | 'PRUNED';

/** A link of the chain, as stored in `audit_seals`. */
export interface Seal {
  /** 1, 2, 3 …, without gaps. */
  readonly number: number;
  readonly kind: SealKind;
  readonly sealedAt: Date;
  readonly bound: Date | null;
  /** Time of the newest id. */
  readonly newest: Date | null;
  /** Ids of the sealed rows. Null after all of them were pruned. */
  readonly ids: readonly string[] | null;
  /** Digests of the sealed rows, 32 bytes each. Null with `ids`. */
  readonly digests: Buffer | null;
  /** SHA-256 of ids and digests. */
  readonly content: Buffer;
  /** SHA-256 of the previous digest, the header and `content`. */
  readonly digest: Buffer;
  readonly keyId: string;
  /** Ed25519 signature of `digest`. */
  readonly signature: Buffer;
}

/** Digest before the first seal. */
export const NOTHING: Buffer = Buffer.alloc(32);

export const contentDigest = (ids: readonly string[], digests: Buffer): Buffer =>
  sha256(JSON.stringify(ids), digests);

/** Digests a seal and, by the digest before it, the whole chain up to it. */
export const sealDigest = (
  previous: Buffer,
  {
    number,
    kind,
    sealedAt,
    bound,
    newest,
    content,
  }: Pick<Seal, 'number' | 'kind' | 'sealedAt' | 'bound' | 'newest' | 'content'>,
): Buffer => sha256(previous, JSON.stringify([number, kind, sealedAt, bound, newest]), content);

/** The part of a seal that a witness keeps. Its digest stands for the whole chain up to it. */
export interface Checkpoint {
  readonly number: number;
  /** ISO 8601. */
  readonly sealedAt: string;
  /** Base64url. */
  readonly digest: string;
}

export const checkpointOf = ({
  number,
  sealedAt,
  digest,
}: Pick<Seal, 'number' | 'sealedAt' | 'digest'>): Checkpoint => ({
  number,
  sealedAt: sealedAt.toISOString(),
  digest: digest.toString('base64url'),
});
