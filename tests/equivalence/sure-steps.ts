import fc from 'fast-check';
import type { Operation } from './mapping.ts';
import { CredentialRef, type Step } from './script.ts';

const token = new CredentialRef('access token');

function surely(
  operation: Operation,
  input: Readonly<Record<string, unknown>> | undefined,
  bearer?: CredentialRef,
): fc.Arbitrary<Step> {
  const way = { path: 0, finalSlash: false, numericCode: false };
  return fc.constant<Step>({ operation, device: 0, input, bearer, way });
}

/** Steps that surely sign a user in, a day after any limit was met. */
export const sureSignIn = (email: string): fc.Arbitrary<Step>[] => [
  fc.constant<Step>({ waitSeconds: 86_401 }),
  surely('requestOtp', { email }),
  surely('verifyOtp', { email, otp: new CredentialRef('sign-in code', email) }),
];

/** Steps that surely make a user an `ADMIN` with a step-up, so that scripts reach what follows. */
export const sureAdmin = (email: string): fc.Arbitrary<Step>[] => [
  ...sureSignIn(email),
  fc.constant<Step>({ makeAdmin: email }),
  surely('requestStepUp', undefined, token),
  surely('stepUp', { otp: new CredentialRef('confirm code', email) }, token),
];
