import fc from 'fast-check';
import { badCode, seldom, weighted } from './inputs.ts';
import { type CredentialKind, CredentialRef } from './script.ts';

type Values = fc.Arbitrary<unknown>;
type Changed = CredentialRef['changed'];

const one = (...values: unknown[]): Values => fc.constantFrom(...values);

/** The newest credential of a kind, or one of a few before it. */
export const newest = (kind: CredentialKind, of?: string, changed?: Changed): Values =>
  fc.constant(new CredentialRef(kind, of, 0, changed));
const held = (kind: CredentialKind, of?: string, changed?: Changed): Values =>
  weighted([6, fc.constant(0)], [1, fc.integer({ min: 1, max: 12 })]).map(
    (age) => new CredentialRef(kind, of, age, changed),
  );

/** A code of the app of this user, mostly the current one. */
export const totp = (person: string): Values =>
  weighted(
    [8, newest('app code', person)],
    [4, newest('app code', person, 'next')],
    [3, newest('app code', person, 'wrong')],
    [1, held('app code', person, 'padded')],
    [1, held('app code')],
    [1, fc.oneof(badCode, one('12345', '1234567', '１２３４５６'))],
  );

export const recoveryCode = (person: string): Values =>
  weighted(
    [10, held('recovery code', person)],
    [2, held('recovery code')],
    [1, held('recovery code', person, 'padded')],
    [1, one('aaaa-bbbb-cccc-dddd-eeee-ffff', 'a'.repeat(24), 'x', '', 'a'.repeat(101), 7, null)],
  );

export const factorChallenge = (person: string): Values =>
  weighted(
    [10, newest('factor challenge', person)],
    [2, held('factor challenge')],
    [1, held('sign-in challenge', person)],
    [1, one('', 'x'.repeat(101), null, undefined, 7)],
  );

const oddCredential = one(
  ...[{}, { id: 'AAAA' }, { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {} }],
  ...['text', 7, []],
);

/** A response of the authenticator of this user, to the newest options for such a use. */
export const passkey = (
  use: 'passkey' | 'passkey for a sign-in' | 'passkey for a step-up',
  person: string,
): Values =>
  weighted(
    [8, newest(use, person)],
    [2, newest(use, person, 'wrong')],
    [1, held(use, person)],
    [1, newest('passkey', person)],
    [1, oddCredential],
  );

export const newPasskey = (person: string): Values =>
  weighted(
    [8, newest('new passkey', person)],
    [1, held('new passkey', person)],
    [1, oddCredential],
  );

export const passkeyId = (person: string): Values =>
  weighted(
    [8, held('passkey id', person)],
    [2, held('passkey id')],
    [1, one('none', "' or 1=1 --", '%41', 'a'.repeat(101))],
  );

export const passkeyName = weighted(
  [6, one('Laptop', ' Blue key 🔒 ', 'x'.repeat(100))],
  [1, one('', ' ', 'a\0', 'x'.repeat(101), null, 7)],
);

const trustDevice = one(true, false, null);

export const trustedDevice = weighted(
  [8, held('trusted device')],
  [1, one('none', '00000000-0000-7000-8000-000000000000')],
);

/** One proof, or in a few cases two of them or none. */
export const proof = (
  person: string,
  use: 'passkey for a sign-in' | 'passkey for a step-up',
): fc.Arbitrary<object> =>
  weighted<object>(
    [6, fc.record({ totp: totp(person) })],
    [4, fc.record({ recoveryCode: recoveryCode(person) })],
    [4, fc.record({ passkey: passkey(use, person) })],
    // Only in cookie mode, and if a setting allows it.
    [use === 'passkey for a sign-in' ? 1 : 0, fc.record({ totp: totp(person), trustDevice })],
    [1, fc.record({ totp: seldom(totp(person)), recoveryCode: seldom(recoveryCode(person)) })],
  );
