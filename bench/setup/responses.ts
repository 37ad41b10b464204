import type { Expectation } from '../client/job.ts';

const ok = (text: string): Expectation => ({ status: 200, text });

/** Responses of Gatehouse to operations that succeed. */
export const responses = {
  challenge: ok('"challengeId":"'),
  tokens: ok('"accessToken":"'),
  detail: ok('"detail":"'),
  account: ok('@example.com","'),
};
