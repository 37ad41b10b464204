import { z } from 'zod';
import { domains, yesNo } from './setting-shapes.ts';

/** Settings of registration and sign-up. */
export const signUp = {
  registration: {
    variable: 'REGISTRATION',
    about:
      'Which new addresses may get an account, by `register` or by a first sign-in: `open` (all), `closed` (none), `domains` (those of `REGISTRATION_DOMAINS`). The answers stay the same.',
    must: '`open`, `closed` or `domains`',
    shape: z.enum(['open', 'closed', 'domains']),
    fallback: 'open',
  },
  registrationDomains: {
    variable: 'REGISTRATION_DOMAINS',
    about: 'Mail domains for `REGISTRATION=domains`: exact, or `.example.com` with subdomains.',
    must: 'mail domains like example.com, separated by commas',
    shape: domains,
    fallback: '',
  },
  otpSignup: {
    variable: 'OTP_SIGNUP',
    about: 'Whether a code redeemed for an unknown address creates its account.',
    must: '`true` or `false`',
    shape: yesNo,
    fallback: 'true',
  },
} as const;
