import { defineEntity, p } from '@mikro-orm/core';
import type { PublicJwk } from '../ports/tokens.ts';

const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_keys',
  properties: {
    /** JWK thumbprint, RFC 7638. */
    kid: p.string().length(43).primary(),
    /** The public JWK, as the JWKS contains it. */
    publicJwk: p.json<PublicJwk>(),
    /** The private JWK, sealed under a label that holds the `kid`. Erased when it is of no use. */
    sealedPrivateJwk: p.text().nullable().hidden(),
    createdAt: p.datetime(),
    /** When it takes over; until then others may get to know it. */
    signsFrom: p.datetime(),
    /** When the last token that it signed has expired. Known once it has a successor. */
    verifiesUntil: p.datetime().nullable(),
    /** When it was said to be in strange hands; since then it is good for nothing. */
    droppedAt: p.datetime().nullable(),
  },
});

/** A key pair for access tokens, shared by every process. */
export class SigningKey extends SigningKeySchema.class {
  /** Whether tokens under it are taken, or will be. `authenticate` asks the same in SQL. */
  isGood(now: Date): boolean {
    return this.droppedAt == null && (this.verifiesUntil == null || this.verifiesUntil > now);
  }
}
SigningKeySchema.setClass(SigningKey);
