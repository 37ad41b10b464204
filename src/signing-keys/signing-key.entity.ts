import { defineEntity, p } from '@mikro-orm/core';
import type { PublicJwk } from '../ports/tokens.ts';

const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_keys',
  properties: {
    /** JWK thumbprint, RFC 7638. */
    kid: p.string().length(43).primary(),
    publicJwk: p.json<PublicJwk>(),
    /** Encrypted with a label that contains the `kid`. Erased when the key is retired. */
    sealedPrivateJwk: p.text().nullable().hidden(),
    createdAt: p.datetime(),
    /** When it starts to sign. Until then verifiers can learn it. */
    signsFrom: p.datetime(),
    /** When its last token expires. Null until it has a successor. */
    verifiesUntil: p.datetime().nullable(),
    /** When it was reported as compromised. Its tokens are rejected from then on. */
    droppedAt: p.datetime().nullable(),
  },
});

/** A key pair for access tokens, shared by every process. */
export class SigningKey extends SigningKeySchema.class {
  /** Returns whether its tokens are or will be accepted. `authenticate` checks the same in SQL. */
  isGood(now: Date): boolean {
    return this.droppedAt == null && (this.verifiesUntil == null || this.verifiesUntil > now);
  }
}
SigningKeySchema.setClass(SigningKey);
