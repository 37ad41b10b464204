import fc from 'fast-check';
import { type CredentialKind, CredentialRef } from './script.ts';

/** When every script begins. */
export const BEGINNING = Date.UTC(2026, 10, 22, 12);

export const people = ['ada@example.com', 'bob@example.com', 'cyd@example.com'] as const;

type Values = fc.Arbitrary<unknown>;

const one = (...values: unknown[]): Values => fc.constantFrom(...values);

/** One of these; a failing script is made smaller towards the first. */
export const weighted = <T>(
  ...rows: [weight: number, values: fc.Arbitrary<T>][]
): fc.Arbitrary<T> =>
  fc.oneof(
    { withCrossShrink: true },
    ...rows.map(([weight, arbitrary]) => ({ weight, arbitrary })),
  );

/** Values that hardly any field accepts. `undefined` leaves the field out. */
const bad: Values = fc.oneof(
  one(null, undefined, '', '   ', '\0', 'a\0b', '\ud800', 'a\udfffb', '\u{1f512}'),
  one(-1, 1.5, 1e300, true, false, [], ['a'], [null], {}, { email: 'a@example.com' }),
  one('a'.repeat(151), 'a'.repeat(257), '\u{1f512}'.repeat(256), 'a'.repeat(5000)),
  fc.nat({ max: 2_000_000 }),
  fc.string({ unit: 'grapheme' }),
  fc.jsonValue({ maxDepth: 1 }),
);

export const seldom = (values: Values) => weighted([3, fc.constant(undefined)], [1, values]);

/** The language of an account. */
export const locale = seldom(
  fc.constantFrom(' PT-br ', 'de', 'zh-hant-tw', 'en,de', 'x', '', null, 7),
);

const mostly = (good: Values, otherwise = bad) => weighted([24, good], [1, otherwise]);

export const seldomBad = (good: Values): Values => mostly(good);

export const email = (person: string): Values =>
  weighted(
    [30, fc.constant(person)],
    [1, one(...people, ' Ada@Example.COM ', 'BOB@EXAMPLE.COM', 'nobody@example.com')],
    [1, fc.oneof(bad, one('ada@', 'ada@exämple.com', 'a b@example.com'))],
  );

export const password = mostly(
  weighted(
    [4, fc.constant('wool-lantern-73')],
    [1, one('amber-compass-91', '  spaces kept  ', 'pässwörter 🔒')],
  ),
  fc.oneof(bad, one('short', 'password', 'Gatehouse', 'ada@example.com')),
);

export const personName = mostly(
  one(undefined, null, 'Ada', ' Lovelace ', 'Łukasz', '', 'a'.repeat(150)),
);

const held = (kind: CredentialKind, of?: string, changed?: CredentialRef['changed']): Values =>
  weighted([6, fc.constant(0)], [1, fc.integer({ min: 1, max: 3 })]).map(
    (age) => new CredentialRef(kind, of, age, changed),
  );

type Purpose = 'sign-in' | 'reset' | 'confirm' | 'change';
const otherThan = (purpose: Purpose) => (purpose === 'sign-in' ? 'confirm' : 'sign-in');

export const code = (purpose: Purpose, person: string): Values =>
  weighted(
    [10, held(`${purpose} code`, person)],
    [4, held(`${purpose} code`, person, 'wrong')],
    [1, held(`${purpose} code`, person, 'padded')],
    [1, held(`${otherThan(purpose)} code`, person)],
    [1, held(`${purpose} code`)],
    [1, fc.oneof(badCode, one('12345', '1234567', '１２３４５６'))],
  );

/** REST takes a number for a code, and GraphQL does not. */
export const badCode = bad.filter((value) => typeof value !== 'number' || value < 0);

export const wrongCode = (person: string): Values =>
  fc.constant(new CredentialRef('sign-in code', person, 0, 'wrong'));

export const challengeId = (purpose: Purpose, person: string): Values =>
  weighted(
    [8, fc.constant(undefined)],
    [8, held(`${purpose} challenge`, person)],
    [1, held(`${purpose} challenge`)],
    [1, held(`${otherThan(purpose)} challenge`, person)],
    [1, bad],
  );

export const refreshToken = mostly(
  weighted(
    [12, held('refresh token')],
    [1, held('access token')],
    [1, one('rubbish', 'eyJhbGciOiJub25lIn0.e30.')],
  ),
);

/** The challenge of the newest request to change an address to this one. */
export const newestChange = (person: string): Values =>
  fc.constant(new CredentialRef('change challenge', person));

export const undoSecret = (person: string): Values =>
  weighted(
    [12, held('undo secret', person)],
    [2, held('undo secret')],
    [1, held('undo secret', person, 'padded')],
    [2, fc.oneof(bad, one('a'.repeat(43), 'a'.repeat(101)))],
  );

/** The parent of the newest one. */
export const spentToken = fc.constant(new CredentialRef('refresh token', undefined, 1));

/** A path can say any but an empty one, and one of dots alone. */
export const sessionId = (person: string): Values =>
  weighted(
    [8, held('session', person)],
    [6, fc.constant(new CredentialRef('session', person, 1))],
    [2, held('session')],
    [1, held('session', person, 'padded')],
    [1, one('none', "' or 1=1 --", 'a/b?c#d', '100%', '%41', '\u{1f512}', 'a'.repeat(101))],
    [1, one('\0', 'a\0b', 'revoke-others', '00000000-0000-7000-8000-000000000000')],
  );

/** Most pages are on the own host; the others may not use the cookie. */
export const cookieMode = fc.record({
  origin: weighted(
    [12, fc.constant('https://gatehouse.example')],
    // CORS allows it in development, so that nothing is logged.
    [1, fc.constant('http://localhost:5173')],
  ),
  token: weighted(
    [8, held('refresh token')],
    [2, fc.constant(new CredentialRef('refresh token', undefined, 1))],
    [2, one(undefined)],
    [1, one('', 'rubbish')],
  ),
  device: weighted(
    [8, fc.constant(new CredentialRef('device cookie'))],
    [1, held('device cookie')],
    [2, one(undefined)],
    [1, one('', 'rubbish')],
  ),
});

/** With a refresh token, or without one in each of three ways. */
export const logout = weighted<object | undefined>(
  [2, fc.constant(undefined)],
  [1, fc.record({ refreshToken: one(undefined, null) })],
  [3, fc.record({ refreshToken })],
);

export const bearer = weighted(
  [12, held('access token')],
  [1, held('API key')],
  [1, held('refresh token')],
  [1, one(undefined, 'rubbish', 'two words', '')],
);

export const administratorBearer = weighted([12, bearer], [8, held('API key')]);

export const newestChallenge = (person: string): Values =>
  fc.constant(new CredentialRef('sign-in challenge', person));

/** The code of the newest mail to this user. */
export const newestCode = (purpose: Purpose, person: string): Values =>
  fc.constant(new CredentialRef(`${purpose} code`, person));

const moment = fc
  .integer({ min: -1000, max: 1000 })
  .map((seconds) => new Date(BEGINNING + seconds * 1000).toISOString());

export const auditQuery = fc.record({
  page: weighted([3, fc.constant(1)], [1, fc.integer({ min: 2, max: 4 })]),
  size: weighted([3, fc.integer({ min: 1, max: 4 })], [1, fc.integer({ min: 5, max: 50 })]),
  email: seldom(one(...people, 'ADA@example.com', 'nobody@example.com', 'a\0b')),
  event: seldom(one('OTP_FAILED', 'login_failed', 'TOKEN_REFRESHED', 'NONE')),
  from: seldom(
    fc.oneof(moment, one('2026-11-22T13:00:00+01:00', '2026-11-22T12:00:00Z', 'yesterday')),
  ),
  to: seldom(fc.oneof(moment, one('2026-11-22T11:59:59-01:00', '2026-13-22T13:00:00Z'))),
});

/** A password, a code, both or neither. */
export const proof = (person: string) =>
  weighted<object>(
    [4, fc.record({ password })],
    [
      4,
      fc.record({ otp: code('confirm', person), challengeId: seldom(held('confirm challenge')) }),
    ],
    [1, fc.record({ password: seldom(password), otp: seldom(code('confirm', person)) })],
  );

/** The id of a user, of this one mostly. */
export const userId = (person: string): Values =>
  weighted(
    [12, held('user', person)],
    [4, held('user')],
    [1, held('user', person, 'padded')],
    [1, one('none', "' or 1=1 --", 'a/b?c#d', '%41', 'ada@example.com', 'a'.repeat(255), 'a\0b')],
  );

export const apiKey = {
  name: mostly(one('crm', ' Back-up 🔒 ', 'x'.repeat(100)), one('', ' ', 'a\0', 'x'.repeat(101))),
  scope: mostly(weighted([1, one('READ')], [4, one('WRITE')]), one('read', '', 1)),
  expiresInDays: seldom(one(1, 366, null, 0, 367, -1)),
};

export const apiKeyId = weighted(
  [8, held('API key id')],
  [1, one('none', "' or 1=1 --", '%41', 'a'.repeat(255), 'a\0b')],
);

export const webhook = {
  url: mostly(
    one('https://example.com/hook', 'http://localhost:9/hook?a=b'),
    one('ftp://example.com', 'https://a:b@example.com', 'https://169.254.169.254/', 'https://['),
  ),
  events: weighted(
    [12, one(['audit.WEBHOOK_CREATED', 'audit.WEBHOOK_UPDATED'])],
    [1, one([], ['user.created', 'user.created'], ['nothing'], 'user.created', null, [1])],
  ),
  description: seldom(one('crm', null, '', ' x ', 'a\0', 'x'.repeat(201))),
};

export const webhookChanges = {
  url: seldom(webhook.url),
  events: seldom(webhook.events),
  description: webhook.description,
  enabled: seldom(one(true, false, null)),
};

export const webhookId = weighted(
  [8, held('webhook')],
  [1, one('none', "' or 1=1 --", '%41', 'a'.repeat(255), 'a\0b')],
);

export const deliveryId = weighted([8, held('delivery')], [1, one('none', 'a'.repeat(255))]);

export const deliveriesQuery = {
  first: weighted([4, one(1, 2, undefined)], [1, one(0, 101, -1)]),
  status: seldom(one('PENDING', 'DELIVERED', 'FAILED', 'NONE')),
};

export const role = mostly(one('USER', 'ADMIN', undefined), one('admin', '', 1, ['USER']));

export const metadata = mostly(
  weighted(
    [4, one({}, { plan: 'team' }, { a: [1, { b: null }], 'ä "\\': '\\u0000' })],
    [
      1,
      one(
        { text: 'x'.repeat(4085) },
        { text: 'x'.repeat(4086) },
        { nul: '\0' },
        { half: '\ud800' },
      ),
    ],
  ),
);

export const usersQuery = fc.record({
  first: weighted([4, one(1, 2, undefined)], [1, one(0, 101, -1)]),
  email: seldom(one('a', 'ADA@', 'bob@example.com', 'x', '', 'a b', 'a\0b')),
  role: seldom(one('USER', 'ADMIN', 'admin', 'NONE')),
  status: seldom(one('ACTIVE', 'DISABLED', 'UNVERIFIED', 'NONE')),
  createdFrom: seldom(fc.oneof(moment, one('2026-11-22', 'yesterday'))),
  createdTo: seldom(fc.oneof(moment, one('2026-11-23', '2026-13-22T13:00:00Z'))),
});
