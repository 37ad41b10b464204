import { createPrivateKey, sign } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { createSealer } from '#src/adapters/jose-sealer.ts';
import { createTokens } from '#src/adapters/jose-tokens.ts';
import { makeKeyPair, openPrivateKey } from '#src/keys/private-key.ts';
import type { Jwk, Tokens } from '#src/token-ports.ts';

const sealer = createSealer('signing-key', 'secret of the tests');
const subject = { accountId: 'a', sessionId: 's' };
const now = new Date();
const issuer = 'https://issuer';
const audience = 'https://audience';

let pair: Awaited<ReturnType<typeof makeKeyPair>>;
let privateJwk: Jwk;
let ours: Tokens;

beforeAll(async () => {
  pair = await makeKeyPair(sealer);
  privateJwk = await openPrivateKey(sealer, pair);
  ours = tokensOf({ issuer, audience });
});

function tokensOf(names: { issuer: string; audience: string }): Tokens {
  const keys = {
    open: async () => privateJwk,
    find: async (kid: string) => (kid === pair.kid ? pair.publicJwk : undefined),
  };
  const secret = { refreshKey: Buffer.alloc(32, 1), rotationKey: Buffer.alloc(32, 2) };
  return createTokens({ ...names, keys, secrets: [secret] });
}

it('takes no token that names others, though it is signed with the same key', async () => {
  const soon = new Date(now.getTime() + 60_000);
  for (const wrong of [{ issuer: 'https://other' }, { audience: 'https://other' }]) {
    const theirs = tokensOf({ issuer, audience, ...wrong });
    expect(await ours.readAccess(await theirs.signAccess(pair, subject, now), now)).toBeUndefined();
    const refresh = await theirs.signRefresh(subject, 'jti', now, soon);
    expect(await ours.readRefresh(refresh, now)).toBeUndefined();
  }
  const own = await ours.signAccess(pair, subject, now);
  expect(await ours.readAccess(own, now)).toMatchObject({ sid: 's', kid: pair.kid });
});

it('takes nothing in another form, though it is signed with the same key', async () => {
  const seconds = Math.floor(now.getTime() / 1000);
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: pair.kid };
  const claims = {
    ...{ iss: issuer, aud: audience, sub: 'a', sid: 's', jti: 'j' },
    ...{ iat: seconds, exp: seconds + 900 },
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const read = (head: object, body: object, after = '') => {
    const input = `${part({ ...header, ...head })}.${part({ ...claims, ...body })}`;
    const signature = sign(null, Buffer.from(input), key).toString('base64url');
    return ours.readAccess(`${input}.${signature}${after}`, now);
  };
  const heads = [
    ...[{ alg: 'none' }, { alg: 'Ed25519' }, { alg: 'HS256' }, { alg: undefined }],
    ...[{ typ: 'JWT' }, { typ: 'rt+jwt' }, { typ: undefined }],
    ...[{ kid: undefined }, { kid: [pair.kid] }, { kid: '../signing-key' }],
    ...[{ crit: ['b64'], b64: false }, { jku: 'https://issuer' }, { jwk: pair.publicJwk }],
  ];
  const bodies = [
    ...Object.keys(claims).map((name) => ({ [name]: undefined })),
    ...[{ aud: [audience, 'https://other'] }, { iss: [issuer] }, { sid: 1 }, { sub: null }],
    ...[{ exp: `${seconds + 900}` }, { exp: seconds - 5 }, { iat: seconds + 6 }],
  ];

  for (const head of heads) expect([head, await read(head, {})]).toEqual([head, undefined]);
  for (const body of bodies) expect([body, await read({}, body)]).toEqual([body, undefined]);
  for (const after of ['A', '=', '!', ' ', '\n', '.']) {
    expect([after, await read({}, {}, after)]).toEqual([after, undefined]);
  }
  expect(await read({}, {})).toMatchObject({ sid: 's' });
});
