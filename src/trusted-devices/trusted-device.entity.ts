import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../accounts/account.entity.ts';

const TrustedDeviceSchema = defineEntity({
  name: 'TrustedDevice',
  tableName: 'trusted_devices',
  properties: {
    id: p.uuid().primary(),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade').index(),
    /** SHA-256 of the cookie's value, which is not stored. */
    tokenHash: p.string().length(43).unique().hidden(),
    /** The newest session of the browser. */
    sessionId: p.uuid(),
    /** When a second factor completed the sign-in. */
    createdAt: p.datetime(),
    lastUsedAt: p.datetime(),
    expiresAt: p.datetime().index(),
    /** IP address and `User-Agent` of the last use. */
    ipAddress: p.string().length(45),
    userAgent: p.string().length(512),
  },
});

/** A browser that needs no second factor to sign in, until it expires. Removing deletes it. */
export class TrustedDevice extends TrustedDeviceSchema.class {}
TrustedDeviceSchema.setClass(TrustedDevice);
