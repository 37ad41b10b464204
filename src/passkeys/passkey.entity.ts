import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../accounts/account.entity.ts';

const PasskeySchema = defineEntity({
  name: 'Passkey',
  tableName: 'passkeys',
  properties: {
    id: p.uuid().primary(),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade').index(),
    /** Chosen by the authenticator: at most 1,023 bytes, in base64url. */
    credentialId: p.string().length(1364).unique(),
    /** COSE key in base64url. */
    publicKey: p.text(),
    /** Signature counter; 0 if the authenticator has none. */
    signCount: p.bigint('number'),
    backupEligible: p.boolean(),
    backedUp: p.boolean(),
    transports: p.array().$type<string[]>(),
    /** Model of the authenticator. Unverified: there is no attestation. */
    aaguid: p.uuid(),
    name: p.string().length(100),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    /** Newest notice to the owner that the signature counter went back. */
    copyNoticedAt: p.datetime().nullable(),
  },
});

/** A WebAuthn credential that signs in by itself. Removing deletes it. */
export class Passkey extends PasskeySchema.class {}
PasskeySchema.setClass(Passkey);
