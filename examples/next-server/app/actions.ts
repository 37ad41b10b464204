'use server';
import type { GatehouseError } from '@gatehouse/client';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { createRequestClient } from '../session';

export interface SignInState {
  readonly email?: string;
  /** Set after a code was mailed. */
  readonly challengeId?: string;
  readonly problem?: string;
}

const client = async () => createRequestClient(await cookies(), await headers());

export async function sendCode(_state: SignInState, form: FormData): Promise<SignInState> {
  const email = String(form.get('address'));
  const { data, error } = await (await client()).requestOtp({ email });
  return error ? { problem: textOf(error) } : { email, challengeId: data.challengeId };
}

export async function enterCode(state: SignInState, form: FormData): Promise<SignInState> {
  const { email = '', challengeId = '' } = state;
  const otp = String(form.get('code'));
  const { error } = await (await client()).verifyOtp({ email, otp, challengeId });
  if (error) return { ...state, problem: textOf(error) };
  redirect('/');
}

export async function logOut(): Promise<void> {
  await (await client()).logout();
  redirect('/');
}

/** Returns what to tell the user. `error.message` is for developers. */
function textOf(error: GatehouseError): string {
  switch (error.code) {
    case 'BAD_USER_INPUT':
      return Object.values(error.fields).flat().join(' ');
    case 'INVALID_OTP':
      return 'That code is wrong or older than the newest mail.';
    case 'LOCKED':
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
      return `Try again in ${error.retryAfter} seconds.`;
    default:
      return 'Something went wrong. Try again.';
  }
}
