import { defineEntity, p } from '@mikro-orm/core';

const SigningKeySchema = defineEntity({
  name: 'SigningKey',
  tableName: 'signing_keys',
  properties: {
    /** JWK thumbprint, RFC 7638. */
    kid: p.string().length(43).primary(),
    /** The public JWK (RFC 8037), as the JWKS shows it. */
    publicJwk: p.json<Record<string, unknown>>(),
    /** The private JWK, sealed under a label that holds the `kid`. */
    sealedPrivateJwk: p.text().hidden(),
    createdAt: p.datetime(),
  },
});

/** An Ed25519 key pair for access tokens, shared by every process. */
export class SigningKey extends SigningKeySchema.class {}
SigningKeySchema.setClass(SigningKey);
