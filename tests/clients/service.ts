import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { inject } from 'vitest';

/** Base URL of Gatehouse, which runs in production mode. */
export const serviceUrl = inject('serviceUrl');

export const PASSWORD = 'wool-lantern-73';

/** Returns an e-mail address that no other test uses. */
export const newAddress = (): string => `person-${randomInt(2 ** 47)}@example.com`;

/** Waits for the code number `count` mailed to an address, counted from 1. */
export async function codeOf(email: string, count = 1): Promise<string> {
  for (const end = Date.now() + 10_000; Date.now() < end; await pause(25)) {
    const response = await fetch(`${inject('codesUrl')}/${encodeURIComponent(email)}`);
    const code = ((await response.json()) as string[])[count - 1];
    if (code !== undefined) return code;
  }
  throw new Error(`no code number ${count} was mailed in 10 s`);
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** Signs in over REST, without a password. */
export async function signIn(email = newAddress()): Promise<Tokens & { readonly email: string }> {
  await post('/auth/otp/request', { email });
  const tokens = await post('/auth/otp/verify', { email, otp: await codeOf(email) });
  return { ...(tokens as Tokens), email };
}

/** Signs in as an `ADMIN`. */
export async function signInAdmin(): ReturnType<typeof signIn> {
  const admin = await signIn();
  await fetch(`${inject('codesUrl')}/${encodeURIComponent(admin.email)}`, { method: 'PUT' });
  return admin;
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${serviceUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
