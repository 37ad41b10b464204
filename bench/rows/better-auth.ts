import { get } from '../client/raw-request.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import {
  betterAuthExpectations,
  betterAuthRequests,
  cookiesOfBetterAuth,
  signUpAtBetterAuth,
} from '../setup/better-auth.ts';
import type { Lab } from '../setup/lab.ts';
import type { Block } from './block.ts';
import { repeated } from './contender.ts';
import { LOGINS, loginContender } from './login.ts';
import { meContenders } from './me.ts';
import { ratioRow } from './row.ts';

/** Accounts at Better Auth. Its hashes are slow. */
const PEOPLE = 32;

/** Rows 3 and 5: a cheap read and a password sign-in against Better Auth. */
export const betterAuth: Block = async (lab, options) => {
  const [session, signIn] = await betterAuthContenders(lab);
  const over = (transport: string) => `${transport} \`me\` / Better Auth get-session`;
  const logins = { target: '5', title: '`login` / Better Auth sign-in (scrypt)' };
  const reads = await compare(
    [session, ...(await meContenders(lab))],
    options,
    ([theirs, graphql, rest]) => [
      ratioRow({ target: '3', title: over('GraphQL'), atLeast: 9, aim: 14 }, graphql, theirs),
      ratioRow({ target: '3', title: over('REST'), atLeast: 12, aim: 18 }, rest, theirs),
    ],
  );
  const passwords = await compare(
    [await loginContender(lab), signIn],
    options,
    ([login, theirs]) => [ratioRow({ ...logins, atLeast: 7, aim: 9 }, login, theirs)],
  );
  return {
    rows: [...reads.rows, ...passwords.rows],
    costs: [...reads.results, ...passwords.results],
  };
};

async function betterAuthContenders(lab: Lab): Promise<[session: Contender, signIn: Contender]> {
  const peer = await lab.peer('better-auth');
  const emails = await signUpAtBetterAuth(lab, peer, PEOPLE);
  const cookies = await cookiesOfBetterAuth(peer, emails);
  const session = cookies.map((cookie) => get('/api/auth/get-session', { cookie }));
  const signIn = emails.map(betterAuthRequests.signIn);
  return [
    repeated(lab, 'Better Auth get-session', peer, {
      requests: session,
      expected: { status: 200, text: '@example.com","' },
    }),
    repeated(lab, 'Better Auth sign-in', peer, {
      requests: signIn,
      expected: betterAuthExpectations.signedIn,
      connections: LOGINS,
    }),
  ];
}
