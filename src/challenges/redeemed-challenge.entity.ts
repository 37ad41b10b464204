import { defineEntity, p } from '@mikro-orm/core';

const RedeemedChallengeSchema = defineEntity({
  name: 'RedeemedChallenge',
  tableName: 'redeemed_challenges',
  properties: {
    /** The primary key is the rule: a challenge works once, even if Redis forgets that it did. */
    id: p.string().length(49).primary(),
    redeemedAt: p.datetime().index(),
  },
});

/** The mark of a spent challenge, written in the transaction that acts on its code. */
export class RedeemedChallenge extends RedeemedChallengeSchema.class {}
RedeemedChallengeSchema.setClass(RedeemedChallenge);
