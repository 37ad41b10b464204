import { expect, it } from 'vitest';
import { base32, findStep, stepAt, totpCode, totpUri } from '#src/factors/totp-codes.ts';
import { bytesOf } from './support/base32.ts';

const secret = Buffer.from('12345678901234567890');

/** RFC 6238 appendix B, SHA-1. */
const vectors = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
] as const;

it.each(vectors)('makes the code of RFC 6238 at %i s', (seconds, code) => {
  const step = stepAt(new Date(seconds * 1000));
  expect(totpCode(secret, step, 8)).toBe(code);
  expect(totpCode(secret, step)).toBe(code.slice(2));
});

it('accepts the codes of three steps', () => {
  const now = new Date(2000000000 * 1000);
  const step = stepAt(now);
  const found = [-2, -1, 0, 1, 2].map((by) => findStep(secret, totpCode(secret, step + by), now));
  expect(found).toEqual([undefined, step - 1, step, step + 1, undefined]);
  expect(findStep(secret, '', now)).toBeUndefined();
});

it('encodes base32 like RFC 4648, without padding', () => {
  const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
  const encoded = ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'];
  expect(texts.map((text) => base32(Buffer.from(text)))).toEqual(encoded);
  expect(encoded.map((text) => bytesOf(text).toString())).toEqual(texts);
});

it('names issuer and account in the URI, whatever they contain', () => {
  const uri = new URL(totpUri(secret, 'A & B: C', 'ada+x@example.com'));
  expect(uri.href).toContain('otpauth://totp/A%20%26%20B%3A%20C:ada%2Bx%40example.com?');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    ...{ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', issuer: 'A & B: C' },
    ...{ algorithm: 'SHA1', digits: '6', period: '30' },
  });
});
