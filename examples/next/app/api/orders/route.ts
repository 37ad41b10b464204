import { createVerifier } from '@gatehouse/client/server';

const auth = createVerifier({
  url: process.env.NEXT_PUBLIC_GATEHOUSE_URL ?? 'http://localhost:8000',
});

/** Trusts nothing but the access token, which the guard verifies. */
export const GET = auth.next((_request, claims) =>
  Response.json({ account: claims.sub, orders: [] }),
);
