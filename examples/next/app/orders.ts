'use server';
import { createVerifier } from '@gatehouse/client/server';

const auth = createVerifier({
  url: process.env.NEXT_PUBLIC_GATEHOUSE_URL ?? 'http://localhost:8000',
});

/** Runs on the server of Next.js, which trusts nothing but the verified access token. */
export async function loadOrders(accessToken: string): Promise<string> {
  const { data: claims } = await auth.verifyAccessToken(accessToken);
  if (!claims) throw new Error('The access token is invalid or expired.');
  return `No orders of account ${claims.sub} yet.`;
}
