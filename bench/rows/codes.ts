import { RefreshTokensDocument } from '../../client/generated/graphql.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import {
  betterAuthCodes,
  betterAuthExpectations,
  betterAuthRequests,
} from '../setup/better-auth.ts';
import type { Lab } from '../setup/lab.ts';
import {
  graphql,
  newAddresses,
  redeemCodes,
  requestCodes,
  type SignedIn,
} from '../setup/people.ts';
import { proveTokens } from '../setup/prove-tokens.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { rateRow, ratioRow } from './row.ts';

const CONNECTIONS = 32;
/** Codes per second of a repetition: about as many as one core serves. */
const CODES = { ours: 1500, theirs: 400 };

/** Rows 7 and 15: codes against Better Auth, and refreshes. */
export const codes: Block = async (lab, options) => {
  const requests = { target: '7', title: '`requestOtp` / Better Auth' };
  const verifications = { target: '7', title: '`verifyOtp` / Better Auth' };
  const refreshes = { target: '15', title: '`refreshTokens` on one core' };
  const { results, rows } = await compare(
    [...codeContenders(lab), ...(await betterAuthContenders(lab))],
    options,
    ([request, verify, refresh, theirRequest, theirVerify]) => [
      ratioRow({ ...requests, atLeast: 2.5, aim: 4 }, request, theirRequest),
      ratioRow({ ...verifications, atLeast: 2.5, aim: 4 }, verify, theirVerify),
      rateRow({ ...refreshes, atLeast: 900, aim: 1500 }, refresh),
    ],
  );
  return { rows, costs: results };
};

/** Each one uses the result of the one before: addresses with a code, then signed-in people. */
function codeContenders(lab: Lab): [request: Contender, verify: Contender, refresh: Contender] {
  const { client, server } = lab;
  const { pid, port } = server;
  let emails: string[] = [];
  let challengeIds: string[] = [];
  let people: SignedIn[] = [];
  const request: Contender = {
    name: '`requestOtp`',
    pid,
    async run(seconds) {
      emails = newAddresses(CODES.ours * seconds);
      const result = await requestCodes(client, port, emails);
      challengeIds = result.challengeIds;
      return result;
    },
  };
  const verify: Contender = {
    name: '`verifyOtp`',
    pid,
    prepare: () => client.mailsTo(emails),
    async run() {
      const result = await redeemCodes(client, port, emails, challengeIds);
      people = result.people;
      return result;
    },
  };
  const refresh: Contender = {
    name: '`refreshTokens`',
    pid,
    prepare: () => proveTokens(port, people),
    run: () =>
      client.run({
        port,
        connections: CONNECTIONS,
        requests: people.map(({ refreshToken }) =>
          graphql(RefreshTokensDocument, { input: { refreshToken } }),
        ),
        expected: responses.tokens,
      }),
  };
  return [request, verify, refresh];
}

async function betterAuthContenders(lab: Lab): Promise<[request: Contender, verify: Contender]> {
  const { client } = lab;
  const peer = await lab.peer('better-auth');
  const { pid, port } = peer;
  let emails: string[] = [];
  let codes: string[] = [];
  const job = { port, connections: CONNECTIONS };
  const request: Contender = {
    name: 'Better Auth request code',
    pid,
    run(seconds) {
      emails = newAddresses(CODES.theirs * seconds);
      const requests = emails.map(betterAuthRequests.requestCode);
      return client.run({ ...job, requests, expected: betterAuthExpectations.requested });
    },
  };
  const verify: Contender = {
    name: 'Better Auth verify code',
    pid,
    async prepare() {
      codes = await betterAuthCodes(peer, emails);
    },
    run() {
      const requests = emails.map((email, index) =>
        betterAuthRequests.verifyCode(email, codes[index] ?? ''),
      );
      return client.run({ ...job, requests, expected: betterAuthExpectations.signedIn });
    },
  };
  return [request, verify];
}
