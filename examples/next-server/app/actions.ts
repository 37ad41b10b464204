'use server';
import type { GatehouseError } from '@gatehouse/client';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { createRequestClient } from '../session';

export interface SignInState {
  readonly step: 'address' | 'code' | 'factor';
  readonly email: string;
  /** Identifies the sign-in after a code was mailed. */
  readonly challengeId: string;
  readonly problem?: string;
}

const client = async () => createRequestClient(await cookies(), await headers());

export async function sendCode(state: SignInState, form: FormData): Promise<SignInState> {
  const email = String(form.get('address'));
  const { data, error } = await (await client()).requestOtp({ email });
  if (error) return { ...state, email, problem: textOf(error) };
  return { step: 'code', email, challengeId: data.challengeId };
}

/** Signs in. If the account has a second factor, asks for it next. */
export async function enterCode(state: SignInState, form: FormData): Promise<SignInState> {
  const { email, challengeId } = state;
  const otp = String(form.get('code'));
  const { error } = await (await client()).verifyOtp({ email, otp, challengeId });
  if (!error) redirect('/');
  if (error.code !== 'MFA_REQUIRED') return { ...state, problem: textOf(error) };
  return { step: 'factor', email, challengeId: error.challengeId };
}

export async function enterFactor(state: SignInState, form: FormData): Promise<SignInState> {
  const { email, challengeId } = state;
  const text = String(form.get('factor'));
  // Only recovery codes contain letters.
  const proof = /[a-z]/i.test(text) ? { recoveryCode: text } : { totp: text };
  const { error } = await (await client()).verifyFactor({ email, challengeId, ...proof });
  if (!error) redirect('/');
  return { ...state, problem: textOf(error) };
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
      return 'That code is wrong, was used, or is too old. Enter the newest one, or start again.';
    case 'LOCKED':
    case 'RATE_LIMITED':
    case 'UNAVAILABLE':
      return `Try again in ${error.retryAfter} seconds.`;
    default:
      return 'Something went wrong. Try again.';
  }
}
