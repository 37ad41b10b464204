import { createHash } from 'node:crypto';

/** An audit row in the form that enters the chain. */
export interface CanonicalRow {
  readonly id: string;
  /** JSON of id, event, time in microseconds and account, which an erasure keeps. */
  readonly lasting: string;
  /** JSON of address, client and metadata, which an erasure removes. */
  readonly personal: string;
  readonly salt: Buffer | null;
  /** Digest of the personal part, kept when an erasure removed it with its salt. */
  readonly erased: Buffer | null;
}

/** SQL: the personal part of a row. */
export const personalColumn = 'jsonb_build_array(email, ip_address, user_agent, metadata)::text';

/** SQL columns of a canonical row. PostgreSQL prints equal `jsonb` values as equal texts. */
export const canonicalColumns = `id::text as id,
  jsonb_build_array(id, event, (extract(epoch from created_at) * 1000000)::bigint, account_id)::text
    as lasting,
  ${personalColumn} as personal,
  salt, erased_digest as erased`;

export const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * Digests the personal part of a row. Without the salt, which an erasure destroys, nobody can guess
 * an address and compare its digest. Rows from before the salt have none.
 */
export const personalDigest = ({ salt, personal }: Pick<CanonicalRow, 'salt' | 'personal'>) =>
  sha256(salt ?? '', personal);

/** Digests a row for its seal: 32 bytes. */
export const rowDigest = (row: CanonicalRow): Buffer =>
  sha256(row.lasting, row.erased ?? personalDigest(row));
