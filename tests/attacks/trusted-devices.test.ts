import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { type Outcome, transports } from '../equivalence/either-transport.ts';
import { newAddress, useApp } from '../support/app.ts';
import { PASSWORD } from '../support/flow.ts';
import { startSecondServer } from '../support/second-server.ts';
import { recordStatements } from '../support/statements.ts';
import { DEVICE, TrustedBrowser, trustingMany } from '../support/trusted-browser.ts';

// A copied cookie of a trusted device. After ASVS 5.0: 6.3.3 and 6.3.4 (no way around the factor), 7.2.1
// and 7.2.3 (secrets of 128 bits, checked by the server), 7.5.1 (changes need the factor), 3.3.4 (cookies).

const app = useApp({
  ...trustingMany,
});

/** Somebody at another client and browser with a copy of the cookie. */
function copyOf(ada: TrustedBrowser): TrustedBrowser {
  const thief = ada.elsewhere();
  thief.cookies.set(DEVICE, ada.cookies.get(DEVICE) ?? '');
  thief.headers = { 'user-agent': 'Stolen/1.0' };
  return thief;
}

const withoutId = ({ code, members, setCookies }: Outcome) => {
  const { challengeId, accessToken, ...rest } = members;
  return { code, rest, setCookies, has: [challengeId, accessToken].map((value) => typeof value) };
};

it.each(transports)('is worth nothing without the mails: %s', async (transport) => {
  const ada = await TrustedBrowser.trusted(app, transport);
  const thief = copyOf(ada);
  const unknown = ada.elsewhere();
  const { email } = ada;
  const other = newAddress();
  const { challengeId } = await thief.ask('login', { email, password: PASSWORD });
  for (const [operation, input] of [
    ['requestOtp', { email }],
    ['requestOtp', { email: other }],
    ['login', { email, password: PASSWORD }],
    ['login', { email, password: 'wrong-basket-20' }],
    ['forgotPassword', { email }],
    ['verifyOtp', { email, otp: '000000' }],
    ['verifyOtp', { email: other, otp: '000000' }],
    ['verifyOtp', { email, otp: '000000', challengeId }],
    ['verifyFactor', { email, challengeId, totp: '000000', trustDevice: true }],
  ] as const) {
    const answers = [thief, unknown].map((client) => client.ask(operation, input));
    const [copied, none] = (await Promise.all(answers)).map(withoutId);
    expect([operation, copied]).toEqual([operation, none]);
    expect(copied?.setCookies).toEqual([]);
  }
  const secret = ada.cookies.get(DEVICE) ?? '';
  thief.cookies.set('__Host-gatehouse', secret);
  expect((await thief.ask('refreshTokens')).code).toBe('INVALID_TOKEN');
  expect((await thief.me(secret)).code).toBe('UNAUTHENTICATED');
  expect((await thief.prove(secret, { totp: ada.totp(2) })).code).toBe('INVALID_OTP');
  expect(await ada.stored()).toBe(1);
});

it.each(transports)(
  'gives a thief who reads the mails a session that shows no factor, and the owner sees it: %s',
  async (transport) => {
    const ada = await TrustedBrowser.trusted(app, transport);
    const thief = copyOf(ada);
    expect((await thief.signInByCode()).code).toBeUndefined();
    expect(decodeJwt<{ amr: string[] }>(thief.token).amr).toEqual(['otp']);
    const [id = ''] = [(await ada.devices())[0]?.id].map(String);
    for (const [operation, input] of [
      ['enrollTotp', {}],
      ['removeTotp', {}],
      ['renewRecoveryCodes', {}],
      ['passkeyRegistrationOptions', {}],
      ['changeEmail', { newEmail: newAddress() }],
      ['exportMyData', {}],
      ['deleteMyAccount', {}],
      ['requestStepUp', {}],
      ['stepUp', { password: PASSWORD }],
    ] as const) {
      const { code, members } = await thief.ask(operation, input);
      expect([operation, code]).toEqual([operation, 'STEP_UP_REQUIRED']);
      expect(members.proofs).toEqual(['TOTP', 'RECOVERY_CODE']);
    }
    const [device = {}] = await ada.devices();
    expect(device).toMatchObject({ id, current: false });
    expect(Object.values(device)).toEqual(expect.arrayContaining([thief.from, 'Stolen/1.0']));
    expect((await ada.ask('removeTrustedDevice', { id })).code).toBeUndefined();
    expect((await thief.signInByCode()).code).toBe('MFA_REQUIRED');
  },
);

it('gives a page of another site nothing, and does not spend its code', async () => {
  const ada = await TrustedBrowser.trusted(app);
  await app.mailsDelivered();
  const before = ada.codes().length;
  const { email } = ada;
  const { challengeId } = await ada.ask('requestOtp', { email });
  const input = { email, otp: await ada.code(before + 1), challengeId };
  for (const headers of [
    { origin: 'https://evil.example.net', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
    { origin: undefined, 'sec-fetch-site': undefined },
  ]) {
    ada.headers = headers;
    expect((await ada.ask('verifyOtp', input)).code).toBe('FORBIDDEN');
  }
  ada.headers = {};
  expect((await ada.ask('verifyOtp', input)).code).toBeUndefined();
});

it('accepts no changed cookie', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const own = ada.cookies.get(DEVICE) ?? '';
  const swapped = own.replace(/[a-z]/, (letter) => letter.toUpperCase());
  const [row] = await app.sql<{ token_hash: string }>(
    'select token_hash from trusted_devices where account_id = (select id from accounts where email = ?)',
    [ada.email],
  );
  const forms = [
    ...[own.slice(0, -1), `${own}=`, `"${own}"`, `%${own}`, swapped, own.toUpperCase()],
    ...[createHash('sha256').update(own).digest('base64url'), row?.token_hash ?? ''],
    `' or true --`,
  ];
  for (const form of forms) {
    const thief = copyOf(ada);
    thief.cookies.set(DEVICE, form);
    expect([form, (await thief.redeem()).code]).toEqual([form, 'MFA_REQUIRED']);
  }
  for (const name of ['gatehouse-device', '__Secure-gatehouse-device', '__Host-gatehouse']) {
    const thief = copyOf(ada);
    thief.cookies.delete(DEVICE);
    thief.cookies.set(name, own);
    expect([name, (await thief.redeem()).code]).toEqual([name, 'MFA_REQUIRED']);
  }
});

it('ends for the copy when the owner trusts the browser anew, and when it is turned off', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const thief = copyOf(ada);
  // A browser without its cookie is asked for the factor.
  const former = ada.cookies.get(DEVICE) ?? '';
  ada.cookies.delete(DEVICE);
  const { challengeId } = await ada.redeem();
  ada.cookies.set(DEVICE, former);
  app.clock.advance({ seconds: 60 });
  const proof = { totp: ada.totp(), trustDevice: true };
  expect((await ada.prove(challengeId, proof)).code).toBeUndefined();
  expect((await thief.signInByCode()).code).toBe('MFA_REQUIRED');

  const off = await startSecondServer(app, { trustedDeviceDays: 0 });
  const there = Object.assign(new TrustedBrowser(off, 'GraphQL', ada), {
    ...{ secret: ada.secret, token: ada.token },
  });
  for (const [name, value] of ada.cookies) there.cookies.set(name, value);
  expect(await there.devices()).toEqual([]);
  const again = await there.redeem();
  expect([again.code, again.setCookies]).toEqual(['MFA_REQUIRED', []]);
  expect(again.members).not.toHaveProperty('trustDeviceDays');
  app.clock.advance({ seconds: 60 });
  const refused = await there.prove(again.challengeId, {
    ...{ totp: ada.totp(), trustDevice: true },
  });
  expect(refused.code).toBe('BAD_USER_INPUT');
  expect((await there.prove(again.challengeId, { totp: ada.totp() })).code).toBeUndefined();
});

it('opens one session for a code, and trusts once for a proof, by aliases, batches or at once', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const { email } = ada;
  const thief = copyOf(ada);
  const other = ada.elsewhere();
  const count = async () => {
    const [row] = await app.sql<{ count: number }>(
      `select count(*)::int as count from sessions s join accounts a on a.id = s.account_id
       where a.email = ?`,
      [email],
    );
    return row?.count ?? 0;
  };
  const post = (browser: TrustedBrowser, body: unknown) =>
    app.fetch('/graphql', {
      ...{ method: 'POST', from: browser.from, body: JSON.stringify(body) },
      headers: { ...browser.pageHeaders(), 'content-type': 'application/json' },
    });
  /** Sends an operation in each way that may run it more than once. */
  const send = async (
    browser: TrustedBrowser,
    field: 'verifyOtp' | 'verifyFactor',
    input: object,
  ) => {
    const type = field === 'verifyOtp' ? 'VerifyOtpInput' : 'VerifyFactorInput';
    const call = `${field}(input: $input) { tokenType }`;
    const queryOf = (calls: string) => ({
      ...{ query: `mutation ($input: ${type}!) { ${calls} }`, variables: { input } },
    });
    const aliases = await post(browser, queryOf(`a: ${call} b: ${call}`));
    expect(aliases.text).toContain('GRAPHQL_VALIDATION_FAILED');
    expect((await post(browser, [queryOf(call), queryOf(call)])).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(browser, queryOf(call))),
    );
    const right = answers.filter(({ text }) => text.includes('Bearer'));
    expect(right).toHaveLength(1);
    expect(answers.filter(({ text }) => text.includes('INVALID_OTP'))).toHaveLength(4);
    return right[0]?.headers['set-cookie'];
  };
  await app.mailsDelivered();
  const before = ada.codes().length;
  const { challengeId } = await ada.ask('requestOtp', { email });
  const otp = await ada.code(before + 1);
  const sessions = await count();
  expect(await send(thief, 'verifyOtp', { email, otp, challengeId })).toHaveLength(1);
  expect(await count()).toBe(sessions + 1);

  const pending = await other.redeem();
  app.clock.advance({ seconds: 60 });
  const proof = { email, challengeId: pending.challengeId, totp: ada.totp(), trustDevice: true };
  expect(await send(other, 'verifyFactor', proof)).toHaveLength(2);
  expect([await count(), await ada.stored()]).toEqual([sessions + 2, 2]);
});

// Timing would tell whether a cookie is genuine, to somebody without the mails.
it('looks the cookie up only after a right code', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const thief = copyOf(ada);
  const { email } = ada;
  const { challengeId } = await thief.ask('requestOtp', { email });
  const statements = await recordStatements(app.runtime);
  try {
    const texts = async (browser: TrustedBrowser, input: object) => {
      const from = statements.sent.length;
      expect((await browser.ask('verifyOtp', { email, ...input })).code).toBe('INVALID_OTP');
      return statements.sent.slice(from).map(({ text }) => text);
    };
    const copied = await texts(thief, { otp: '000000', challengeId });
    expect(copied.length).toBeGreaterThan(0);
    expect(copied).toEqual(await texts(ada.elsewhere(), { otp: '000001', challengeId }));
    expect(copied.join()).not.toContain('trusted_devices');
    // The check can fail: a right code looks it up.
    const from = statements.sent.length;
    expect((await thief.signInByCode()).code).toBeUndefined();
    const used = statements.sent.slice(from).map(({ text }) => text);
    expect(used.join()).toContain('trusted_devices');
  } finally {
    statements.stop();
  }
});
