import type { Config } from '../config/load-config.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { AccountRow } from './account-statements.ts';

/** Account data that a registration sets once its own code has verified the address. */
export type Registration = Pick<AccountRow, 'email' | 'passwordHash' | 'firstName' | 'lastName'>;

/** Does not contain the address: the label of an encrypted text is readable. */
const LABEL = 'registration';

/** Returns whether `REGISTRATION` allows an account for a new address. */
export function mayRegister(
  { registration, registrationDomains }: Pick<Config, 'registration' | 'registrationDomains'>,
  email: string,
): boolean {
  if (registration !== 'domains') return registration === 'open';
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return registrationDomains.some((allowed) =>
    allowed.startsWith('.') ? `.${domain}`.endsWith(allowed) : domain === allowed,
  );
}

/** Returns whether a first sign-in by a code alone creates an account for the address. */
export const maySignUpByCode = (config: Config, email: string): boolean =>
  config.otpSignup && mayRegister(config, email);

/** Encrypts a registration for storage in the challenge whose code confirms it. */
export const sealRegistration = (sealer: Sealer, registration: Registration): string =>
  sealer.seal(LABEL, JSON.stringify(registration));

/** Sets the password and names from the registration in the redeemed challenge. */
export function applyRegistration(sealer: Sealer, account: AccountRow, sealed: string) {
  const { email, ...data }: Registration = JSON.parse(sealer.open(LABEL, sealed));
  if (email !== account.email)
    throw new Error('The encrypted registration belongs to another address.');
  Object.assign(account, data);
}
