import { defineEntity, p } from '@mikro-orm/core';

const ErasureSchema = defineEntity({
  name: 'Erasure',
  tableName: 'erasures',
  properties: {
    accountId: p.uuid().primary(),
    email: p.string().length(254).primary(),
    requestedAt: p.datetime(),
  },
});

/** An address of a deleted account that audit events still contain. */
export class Erasure extends ErasureSchema.class {}
ErasureSchema.setClass(Erasure);
