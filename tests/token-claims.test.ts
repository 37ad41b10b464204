import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tokenAlgorithms } from '#src/ports/tokens.ts';
import { audience, grant, issuer, newKey, now, subject, tokensOf } from './support/signing.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

const digests = { ES256: 'sha256', EdDSA: null, RS256: 'sha256' };

it('accepts no token of another issuer, audience or client, even with a valid signature', async () => {
  const signing = await newKey('ES256');
  const ours = tokensOf(signing);
  const soon = new Date(now.getTime() + 60_000);
  for (const wrong of [{ issuer: 'https://other' }, { audience: 'https://other' }]) {
    const theirs = tokensOf(signing, wrong);
    const access = theirs.signAccess(signing.key, grant, now);
    expect(await ours.readAccess(access, now)).toBeUndefined();
    const refresh = theirs.signRefresh(subject, {
      ...{ jti: 'jti', generation: 1, madeAt: now, expiresAt: soon },
    });
    expect(ours.readRefresh(refresh, now)).toBeUndefined();
  }
  const own = ours.signAccess(signing.key, grant, now);
  expect(await ours.readAccess(own, now)).toMatchObject({
    sid: subject.sessionId,
    kid: signing.key.kid,
  });
});

it('writes the claims of RFC 9068, and those of TOKEN_CLAIMS', async () => {
  const signing = await newKey('EdDSA');
  const iat = Math.floor(now.getTime() / 1000);
  const fixed = {
    ...{
      iss: issuer,
      aud: audience,
      sub: subject.accountId,
      client_id: 'gatehouse',
      sid: subject.sessionId,
      iat,
    },
    ...{ exp: iat + 900, jti: expect.any(String), auth_time: iat - 3600, role: 'ADMIN' },
    amr: ['pwd', 'otp'],
  };
  const bare = tokensOf(signing).signAccess(signing.key, grant, now);
  expect(claimsOf(bare)).toEqual(fixed);

  const more = tokensOf(signing, { optionalClaims: ['email', 'email_verified'] });
  const full = more.signAccess(signing.key, grant, now);
  expect(claimsOf(full)).toEqual({ ...fixed, email: 'ada@example.com', email_verified: true });
  expect(await more.readAccess(full, now)).toMatchObject({ sid: subject.sessionId });
});

it('lets the key decide the algorithm, whatever the header says', async () => {
  for (const alg of tokenAlgorithms) {
    const signing = await newKey(alg);
    const ours = tokensOf(signing);
    const token = ours.signAccess(signing.key, grant, now);
    expect([alg, await ours.readAccess(token, now)]).toMatchObject([
      alg,
      { sid: subject.sessionId },
    ]);
    for (const other of ['ES256', 'EdDSA', 'RS256', 'ES384', 'RS512', 'PS256', 'HS256', 'none']) {
      if (other === alg) continue;
      const [head = '', body = ''] = token.split('.');
      const header = JSON.parse(Buffer.from(head, 'base64url').toString());
      const input = `${part({ ...header, alg: other })}.${body}`;
      const signature = sign(digests[alg], Buffer.from(input), {
        key: signing.privateKey,
        dsaEncoding: 'ieee-p1363',
      });
      const forged = `${input}.${signature.toString('base64url')}`;
      expect([alg, other, await ours.readAccess(forged, now)]).toEqual([alg, other, undefined]);
    }
  }
});

it('accepts tokens of the previous release, without client_id, auth_time, amr and role', async () => {
  const signing = await newKey('EdDSA');
  const iat = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: subject.accountId,
    sid: subject.sessionId,
    iat,
    exp: iat + 900,
    jti: 'j',
  };
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: signing.key.kid };
  const input = `${part(header)}.${part(claims)}`;
  const signature = sign(null, Buffer.from(input), signing.privateKey).toString('base64url');
  const read = await tokensOf(signing).readAccess(`${input}.${signature}`, now);
  expect(read).toMatchObject({ sub: subject.accountId, sid: subject.sessionId });
});

it('accepts an ES256 signature as JOSE writes it, never as DER', async () => {
  const signing = await newKey('ES256');
  const ours = tokensOf(signing);
  const token = ours.signAccess(signing.key, grant, now);
  const input = token.slice(0, token.lastIndexOf('.'));
  const der = sign('sha256', Buffer.from(input), signing.privateKey).toString('base64url');
  expect(await ours.readAccess(`${input}.${der}`, now)).toBeUndefined();
});

describe.each(tokenAlgorithms)('a token of %s', (alg) => {
  it('is rejected in any form that Gatehouse does not issue, even with a valid signature', async () => {
    const signing = await newKey(alg);
    const ours = tokensOf(signing);
    const seconds = Math.floor(now.getTime() / 1000);
    const header = { alg, typ: 'at+jwt', kid: signing.key.kid };
    const claims = {
      ...{ iss: issuer, aud: audience, sub: subject.accountId, sid: subject.sessionId, jti: 'j' },
      ...{ iat: seconds, exp: seconds + 900 },
    };
    const key = signing.privateKey;
    const read = (head: object, body: object, after = '') => {
      const input = `${part({ ...header, ...head })}.${part({ ...claims, ...body })}`;
      const options = { key, dsaEncoding: 'ieee-p1363' } as const;
      const signature = sign(digests[alg], Buffer.from(input), options).toString('base64url');
      return ours.readAccess(`${input}.${signature}${after}`, now);
    };
    const heads = [
      ...[{ alg: 'none' }, { alg: 'Ed25519' }, { alg: 'HS256' }, { alg: undefined }],
      ...[{ typ: 'JWT' }, { typ: 'rt+jwt' }, { typ: undefined }],
      ...[{ kid: undefined }, { kid: [signing.key.kid] }, { kid: '../signing-key' }],
      ...[{ crit: ['b64'], b64: false }, { jku: 'https://issuer' }, { jwk: signing.publicJwk }],
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
    expect(await read({}, {})).toMatchObject({ sid: subject.sessionId });
  });
});
