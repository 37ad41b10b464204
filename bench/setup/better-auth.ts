import { once } from 'node:events';
import { type Headers, post } from '../client/raw-request.ts';
import type { Lab } from './lab.ts';
import type { Peer } from './peers.ts';
import { newAddresses, PASSWORD } from './people.ts';

const origin: Headers = { origin: 'http://auth.example.com' };
const path = '/api/auth';

/** Requests to Better Auth, and what its responses must have. */
export const betterAuthRequests = {
  requestCode: (email: string) =>
    post(`${path}/email-otp/send-verification-otp`, { email, type: 'sign-in' }, origin),
  verifyCode: (email: string, otp: string) =>
    post(`${path}/sign-in/email-otp`, { email, otp }, origin),
  signUp: (email: string) =>
    post(`${path}/sign-up/email`, { email, password: PASSWORD, name: 'A Person' }, origin),
  signIn: (email: string) => post(`${path}/sign-in/email`, { email, password: PASSWORD }, origin),
};
export const betterAuthExpectations = {
  requested: { status: 200, text: '"success":true' },
  signedIn: { status: 200, text: '"token":"' },
};

/** Returns the newest code of each address. */
export async function betterAuthCodes(peer: Peer, emails: readonly string[]): Promise<string[]> {
  const reply = once(peer.process, 'message');
  peer.process.send(emails);
  return (await reply)[0];
}

/** Signs new people up with a password. Returns their addresses. */
export async function signUpAtBetterAuth(
  { client }: Lab,
  peer: Peer,
  count: number,
): Promise<string[]> {
  const emails = newAddresses(count);
  await client.run({
    port: peer.port,
    connections: 4,
    requests: emails.map(betterAuthRequests.signUp),
    expected: betterAuthExpectations.signedIn,
  });
  return emails;
}

/** Signs people in. Returns the cookie of each session. */
export function cookiesOfBetterAuth(peer: Peer, emails: readonly string[]): Promise<string[]> {
  return Promise.all(
    emails.map(async (email) => {
      const response = await fetch(`http://127.0.0.1:${peer.port}${path}/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...origin },
        body: JSON.stringify({ email, password: PASSWORD }),
      });
      const [cookie] = response.headers.getSetCookie();
      if (!cookie) throw new Error(`Better Auth set no cookie: ${await response.text()}`);
      return cookie.split(';')[0] ?? '';
    }),
  );
}
