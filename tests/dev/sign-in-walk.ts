import { expect } from 'vitest';
import { newAddress } from '../support/app.ts';
import { request } from '../support/request.ts';
import { until } from './place.ts';

/** Sends one mutation over GraphQL, and returns its data. */
export async function ask(
  url: string,
  operation: string,
): Promise<Record<string, Record<string, string>>> {
  const { text } = await request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `mutation { ${operation} }` }),
  });
  return JSON.parse(text).data;
}

/** Waits for a code in the inbox that differs from the last one. */
export async function codeFor(url: string, email: string, last = ''): Promise<string> {
  let code: string | undefined;
  await until('a code in the inbox', async () => {
    const mails: { to: string; code: string | null }[] = JSON.parse(
      (await request(`${url}/inbox`)).text,
    );
    code = mails.find(({ to }) => to === email)?.code ?? undefined;
    return code !== undefined && code !== last;
  });
  return code ?? '';
}

export const login = (email: string) =>
  `login(input: { email: "${email}", password: "wool-lantern-73" }) { challengeId }`;

/** Verifies a code, and expects a sign-in. */
export async function redeem(
  url: string,
  email: string,
  code: string,
  challengeId = '',
): Promise<void> {
  const named = challengeId && `, challengeId: "${challengeId}"`;
  const input = `{ email: "${email}", otp: "${code}"${named} }`;
  const answer = await ask(url, `verifyOtp(input: ${input}) { accessToken }`);
  expect(answer.verifyOtp?.accessToken).toBeTruthy();
}

/** Signs up with a password, and signs in without one. @returns the address with the password */
export async function walkBothFlows(url: string): Promise<string> {
  const [ada, bob] = [newAddress(), newAddress()];
  const input = `{ email: "${ada}", password: "wool-lantern-73" }`;
  const { register } = await ask(url, `register(input: ${input}) { challengeId }`);
  await redeem(url, ada, await codeFor(url, ada), register?.challengeId);
  await ask(url, `requestOtp(input: { email: "${bob}" }) { detail }`);
  await redeem(url, bob, await codeFor(url, bob));
  return ada;
}
