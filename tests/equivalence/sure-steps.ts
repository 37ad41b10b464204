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

const sureStepUp = (email: string): fc.Arbitrary<Step>[] => [
  surely('requestStepUp', undefined, token),
  surely('stepUp', { otp: new CredentialRef('confirm code', email) }, token),
];

/** Steps that surely make a user an `ADMIN` with a step-up, so that scripts reach what follows. */
export const sureAdmin = (email: string): fc.Arbitrary<Step>[] => [
  ...sureSignIn(email),
  fc.constant<Step>({ makeAdmin: email }),
  ...sureStepUp(email),
];

/** Steps that surely enrol an authenticator app of a user who has no factor. */
export const sureFactor = (email: string): fc.Arbitrary<Step>[] => [
  ...sureSignIn(email),
  ...sureStepUp(email),
  surely('enrollTotp', undefined, token),
  surely('confirmTotp', { totp: new CredentialRef('app code', email) }, token),
];

/** Steps that surely add a passkey of a user who has no factor. */
export const surePasskey = (email: string): fc.Arbitrary<Step>[] => [
  ...sureSignIn(email),
  surely('passkeyRegistrationOptions', undefined, token),
  surely('registerPasskey', { credential: new CredentialRef('new passkey', email) }, token),
];

/** Steps that surely delete the account of a user. */
export const sureDeletion = (email: string): fc.Arbitrary<Step>[] => [
  ...sureSignIn(email),
  ...sureStepUp(email),
  surely('deleteMyAccount', undefined, token),
];

const hook = {
  url: 'https://example.com/hook',
  events: ['audit.WEBHOOK_CREATED', 'audit.WEBHOOK_UPDATED'],
};

/** Steps after `sureAdmin`. The first webhook surely has a delivery, which is sent again. */
export const sureRedelivery: readonly fc.Arbitrary<Step>[] = [
  surely('createWebhook', hook, token),
  surely('createWebhook', hook, token),
  surely('webhookDeliveries', { id: new CredentialRef('webhook', undefined, 1) }, token),
  surely('redeliver', { id: new CredentialRef('delivery') }, token),
];
