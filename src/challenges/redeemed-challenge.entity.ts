import { defineEntity, p } from '@mikro-orm/core';

const RedeemedChallengeSchema = defineEntity({
  name: 'RedeemedChallenge',
  tableName: 'redeemed_challenges',
  properties: {
    id: p.string().length(49).primary(),
    redeemedAt: p.datetime().index(),
  },
});

/** Mark of a redeemed challenge: its code works once, even if Redis loses its data. */
export class RedeemedChallenge extends RedeemedChallengeSchema.class {}
RedeemedChallengeSchema.setClass(RedeemedChallenge);
