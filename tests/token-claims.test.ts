import { expect, it } from 'vitest';
import { createTokens, generateSigningKey } from '#src/adapters/jose-tokens.ts';

it('takes no token that names others, though it is signed with the same key', async () => {
  const signingKey = await generateSigningKey();
  const secrets = { refreshKey: Buffer.alloc(32, 1), rotationKey: Buffer.alloc(32, 2) };
  const right = { issuer: 'https://issuer', audience: 'https://audience', signingKey, ...secrets };
  const ours = await createTokens(right);
  const now = new Date();
  const subject = { accountId: 'a', sessionId: 's' };
  const soon = new Date(now.getTime() + 60_000);

  for (const wrong of [{ issuer: 'https://other' }, { audience: 'https://other' }]) {
    const theirs = await createTokens({ ...right, ...wrong });
    expect(await ours.readAccess(await theirs.signAccess(subject, now), now)).toBeUndefined();
    const refresh = await theirs.signRefresh(subject, 'jti', now, soon);
    expect(await ours.readRefresh(refresh, now)).toBeUndefined();
  }
  expect(await ours.readAccess(await ours.signAccess(subject, now), now)).toMatchObject({
    sid: 's',
  });
});
