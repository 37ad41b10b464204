import {
  CompactEncrypt,
  type CompactJWEHeaderParameters,
  compactDecrypt,
  createLocalJWKSet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { expect, it } from 'vitest';
import { deriveKey, keyId } from '#src/adapters/derived-keys.ts';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { tokenAlgorithms } from '#src/ports/tokens.ts';
import {
  audience,
  grant,
  issuer,
  newKey,
  now,
  subject,
  tokenSecrets,
  tokensOf,
} from './support/signing.ts';

/** Release 0.2 wrote and read these formats with jose, and may run at the same time. */
const seconds = Math.floor(now.getTime() / 1000);
const expected = { issuer, audience, requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'] };
const claims = {
  iss: issuer,
  aud: audience,
  sub: subject.accountId,
  sid: subject.sessionId,
  jti: 'j',
  iat: seconds,
};

it.each(tokenAlgorithms)('exchanges access tokens of %s with jose', async (alg) => {
  const signing = await newKey(alg);
  const ours = tokensOf(signing);
  const keys = createLocalJWKSet({ keys: [{ kty: '', ...signing.publicJwk }] });
  const options = { ...expected, algorithms: [alg], typ: 'at+jwt' };
  const { payload } = await jwtVerify(ours.signAccess(signing.key, grant, now), keys, options);
  expect(payload).toMatchObject({
    sub: subject.accountId,
    sid: subject.sessionId,
    amr: ['pwd', 'otp'],
    exp: seconds + 900,
  });

  const theirs = await new SignJWT({ ...claims, exp: seconds + 900 })
    .setProtectedHeader({ alg, typ: 'at+jwt', kid: signing.key.kid })
    .sign(signing.privateKey);
  expect(await ours.readAccess(theirs, now)).toMatchObject({
    sub: subject.accountId,
    sid: subject.sessionId,
    jti: 'j',
  });
});

it('exchanges refresh tokens with jose', async () => {
  const ours = tokensOf(await newKey('EdDSA'));
  const identity = {
    jti: 'j',
    generation: 3,
    madeAt: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  };
  const options = { ...expected, algorithms: ['HS256'], typ: 'rt+jwt' };
  const { payload } = await jwtVerify(
    ours.signRefresh(subject, identity),
    tokenSecrets.refreshKey,
    options,
  );
  expect(payload).toMatchObject({
    sub: subject.accountId,
    sid: subject.sessionId,
    jti: 'j',
    gen: 3,
    exp: seconds + 3600,
  });

  const read = async (extra: JWTPayload, header: object = {}) => {
    const token = new SignJWT({ ...claims, exp: seconds + 60, gen: 3, ...extra });
    token.setProtectedHeader({ alg: 'HS256', typ: 'rt+jwt', ...header });
    return ours.readRefresh(await token.sign(tokenSecrets.refreshKey), now);
  };
  expect(await read({})).toEqual({
    sub: subject.accountId,
    sid: subject.sessionId,
    jti: 'j',
    generation: 3,
  });
  // Release 0.1 counted no generations.
  expect(await read({ gen: undefined })).toMatchObject({ generation: 0 });
  // An old used token must end its session.
  expect(await read({ exp: seconds - 60 })).toMatchObject({ jti: 'j' });
  const month = 30 * 24 * 60 * 60;
  for (const bad of [
    { exp: seconds - month },
    { iss: 'https://other' },
    { aud: ['x', audience] },
  ]) {
    expect([bad, await read(bad)]).toEqual([bad, undefined]);
  }
  for (const header of [{ typ: 'at+jwt' }, { typ: undefined }, { jku: 'https://issuer' }]) {
    expect([header, await read({}, header)]).toEqual([header, undefined]);
  }
});

/** A text with one character changed, each in turn: by one bit, and so in unused bits too. */
const changed = (text: string): string[] =>
  Array.from(text, (was, at) => {
    const other = base64url[base64url.indexOf(was) ^ 1] ?? 'A';
    return text.slice(0, at) + other + text.slice(at + 1);
  });
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

it.each(tokenAlgorithms)('rejects an access token of %s with any bit changed', async (alg) => {
  const signing = await newKey(alg);
  const ours = tokensOf(signing);
  const token = ours.signAccess(signing.key, grant, now);
  for (const other of changed(token))
    expect([other, await ours.readAccess(other, now)]).toEqual([other, undefined]);
  expect(await ours.readAccess(token, now)).toBeDefined();
});

it('rejects a refresh token with any bit changed', async () => {
  const ours = tokensOf(await newKey('EdDSA'));
  const expiresAt = new Date(now.getTime() + 3_600_000);
  const token = ours.signRefresh(subject, { jti: 'j', generation: 1, madeAt: now, expiresAt });
  for (const other of changed(token))
    expect([other, ours.readRefresh(other, now)]).toEqual([other, undefined]);
  for (const other of [
    `${token}=`,
    `${token} `,
    `${token}A`,
    `${token}.`,
    '',
    '..',
    token.slice(0, -1),
  ]) {
    expect(ours.readRefresh(other, now)).toBeUndefined();
  }
});

const sealer = createSealer('mail', 'secret of the tests');
const key = deriveKey('secret of the tests', 'mail');
const text = JSON.stringify({ about: 'SIGN_IN_CODE', to: 'ädä@example.com' }).padEnd(2048);

/** Encrypts as release 0.2 does. */
const sealByJose = (header: Partial<CompactJWEHeaderParameters> = {}, secret = key) =>
  new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyId(key), label: 'id', ...header })
    .encrypt(secret);

it('exchanges encrypted texts with jose', async () => {
  const sealed = sealer.seal('id', text);
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, key);
  expect(new TextDecoder().decode(plaintext)).toBe(text);
  const theirs = await sealByJose();
  expect(sealed.split('.')[0]).toBe(theirs.split('.')[0]);
  expect(sealed.length).toBe(theirs.length);
  expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: keyId(key), label: 'id' });
  expect(sealer.open('id', theirs)).toBe(text);
  expect(sealer.secretOf(theirs)).toBe('current');
});

it('encrypts each text with an IV of its own', () => {
  const ivs = Array.from({ length: 1000 }, () => sealer.seal('id', text).split('.')[2]);
  expect(new Set(ivs).size).toBe(1000);
});

it('opens no text of another label, key, algorithm or form, and none that was changed', async () => {
  const sealed = sealer.seal('id', text);
  const other = deriveKey('another secret', 'mail');
  const wrong = [
    await sealByJose({ label: 'other' }),
    await sealByJose({ label: undefined }),
    await sealByJose({ enc: 'A128GCM' }, key.subarray(0, 16)),
    await sealByJose({ kid: keyId(other) }, other),
    await sealByJose({}, other),
    sealed.slice(0, -1),
    sealed.replace('..', '.AAAA.'),
    ...Array.from(
      sealed,
      (was, at) => sealed.slice(0, at) + (was === 'B' ? 'C' : 'B') + sealed.slice(at + 1),
    ),
  ];
  // The last character of a part holds bits that no byte needs.
  const opened = wrong.filter((each) => {
    try {
      return sealer.open('id', each) !== '' && canonical(each) !== canonical(sealed);
    } catch {
      return false;
    }
  });
  expect(opened).toEqual([]);
});

const canonical = (sealed: string) =>
  sealed
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('base64url'))
    .join('.');
