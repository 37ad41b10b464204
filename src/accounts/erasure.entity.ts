import { defineEntity, p } from '@mikro-orm/core';

const ErasureSchema = defineEntity({
  name: 'Erasure',
  tableName: 'erasures',
  properties: {
    accountId: p.uuid().primary(),
    email: p.string().length(254),
    requestedAt: p.datetime(),
  },
});

/** A deleted account whose audit events still contain its address. */
export class Erasure extends ErasureSchema.class {}
ErasureSchema.setClass(Erasure);
