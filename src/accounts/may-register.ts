import type { Config } from '../config/load-config.ts';

/** Whether `REGISTRATION` allows an account for a new address. */
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

/** Whether a first sign-in by a code alone creates an account for the address. */
export function maySignUpByCode(config: Config, email: string): boolean {
  return config.otpSignup && mayRegister(config, email);
}
