import type { Context } from '../context.ts';
import type { CheckChallenge, PasskeyChallenge, PasskeyPurpose } from '../ports/web-authn.ts';

/** The use that a challenge is for. */
export interface ChallengeUse {
  readonly purpose: PasskeyPurpose;
  /** The session or sign-in that asked for the challenge; empty before a sign-in. */
  readonly owner: string;
}

/** Returns a check of a challenge, and a function that returns the challenge that passed it. */
export function challengeCheck(
  { passkeyChallenges, clock }: Pick<Context, 'passkeyChallenges' | 'clock'>,
  { purpose, owner }: ChallengeUse,
) {
  let challenge: PasskeyChallenge | undefined;
  const check: CheckChallenge = (text) => {
    challenge = passkeyChallenges.read(text, purpose, owner, clock.now());
    return challenge !== undefined;
  };
  return { check, redeemed: () => challenge };
}
