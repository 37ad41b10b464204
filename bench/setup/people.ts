import {
  RegisterDocument,
  RequestOtpDocument,
  VerifyOtpDocument,
} from '../../client/generated/graphql.ts';
import type { JobResult } from '../client/job.ts';
import { type Headers, post } from '../client/raw-request.ts';
import type { LoadClient } from './load-client.ts';
import { responses } from './responses.ts';

/** A person who has signed in by code. */
export interface SignedIn {
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export const PASSWORD = 'wool-lantern-73';

let addresses = 0;

/** Returns addresses that nobody has used. */
export const newAddresses = (count: number): string[] =>
  Array.from({ length: count }, () => `person-${String(++addresses).padStart(7, '0')}@example.com`);

/** Returns the request of a GraphQL operation. */
export const graphql = (
  document: { toString(): string },
  variables: object = {},
  headers: Headers = {},
) => post('/graphql', { query: document.toString(), variables }, headers);

/** Requests a code for each address. Returns the ids of the challenges. */
export async function requestCodes(
  client: LoadClient,
  port: number,
  emails: readonly string[],
): Promise<JobResult & { challengeIds: string[] }> {
  const result = await client.run({
    port,
    connections: 32,
    requests: emails.map((email) => graphql(RequestOtpDocument, { input: { email } })),
    expected: responses.challenge,
    keepBodies: true,
  });
  const ids = result.bodies.map((body) => JSON.parse(body).data.requestOtp.challengeId);
  return { ...result, challengeIds: ids };
}

/** Redeems the code of each address. Returns the tokens. */
export async function redeemCodes(
  client: LoadClient,
  port: number,
  emails: readonly string[],
  challengeIds: readonly string[],
): Promise<JobResult & { people: SignedIn[] }> {
  const codes = await client.codes(emails);
  const result = await client.run({
    port,
    connections: 32,
    requests: emails.map((email, index) => {
      const input = { email, otp: codes[index], challengeId: challengeIds[index] };
      return graphql(VerifyOtpDocument, { input });
    }),
    expected: responses.tokens,
    keepBodies: true,
  });
  const people = result.bodies.map((body, index) => {
    const { accessToken, refreshToken } = JSON.parse(body).data.verifyOtp;
    return { email: emails[index] ?? '', accessToken, refreshToken };
  });
  return { ...result, people };
}

/** Signs new people in. */
export async function signIn(client: LoadClient, port: number, count: number): Promise<SignedIn[]> {
  const emails = newAddresses(count);
  const { challengeIds } = await requestCodes(client, port, emails);
  return (await redeemCodes(client, port, emails, challengeIds)).people;
}

/** Creates verified accounts with a password, and signs them in. */
export async function register(
  client: LoadClient,
  port: number,
  count: number,
): Promise<SignedIn[]> {
  const emails = newAddresses(count);
  const { bodies } = await client.run({
    port,
    connections: 2,
    requests: emails.map((email) =>
      graphql(RegisterDocument, { input: { email, password: PASSWORD } }),
    ),
    expected: responses.challenge,
    keepBodies: true,
  });
  const challengeIds = bodies.map((body) => JSON.parse(body).data.register.challengeId);
  return (await redeemCodes(client, port, emails, challengeIds)).people;
}
