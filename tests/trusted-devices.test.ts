import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { transports } from './equivalence/either-transport.ts';
import { useApp } from './support/app.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { increases, parseMetrics } from './support/metrics.ts';
import {
  DAY,
  DEVICE,
  insertTrustedDevice,
  TrustedBrowser,
  trustingMany,
} from './support/trusted-browser.ts';
import { many } from './support/wide-limits.ts';

const app = useApp({
  ...trustingMany,
  LIMIT_FACTORS: many,
});

const amrOf = (token: string) => decodeJwt<{ amr: string[] }>(token).amr;
const COOKIE = new RegExp(
  `^${DEVICE}=[\\w-]{43}; Max-Age=${30 * DAY}; Path=/; HttpOnly; Secure; SameSite=Lax$`,
);
const deviceCookies = ({ setCookies }: TrustedBrowser) =>
  setCookies.filter((text) => text.startsWith(`${DEVICE}=`));

describe.each(transports)('over %s', (transport) => {
  it('needs no second factor in a trusted browser, and claims none', async () => {
    const ada = await TrustedBrowser.enrolled(app, transport);
    expect((await ada.trust()).code).toBeUndefined();
    expect(deviceCookies(ada)).toEqual([expect.stringMatching(COOKIE)]);
    expect(ada.setCookies).toHaveLength(2);
    expect(amrOf(ada.token)).toEqual(['otp', 'mfa']);
    for (const [by, amr] of [
      ['requestOtp', ['otp']],
      ['login', ['pwd', 'otp']],
    ] as const) {
      const { code, members } = await ada.signInByCode(by);
      expect([code, members.refreshToken]).toEqual([undefined, null]);
      expect(amrOf(ada.token)).toEqual(amr);
      expect(deviceCookies(ada)).toEqual([]);
      await ada.renew();
      expect(amrOf(ada.token)).toEqual(amr);
    }
    // Only a factor confirms the identity.
    const refused = await ada.ask('removeTotp');
    expect(refused.members).toMatchObject({
      code: 'STEP_UP_REQUIRED',
      proofs: ['TOTP', 'RECOVERY_CODE'],
    });
    expect((await ada.ask('passkeyRegistrationOptions')).code).toBe('STEP_UP_REQUIRED');
    app.clock.advance({ seconds: 60 });
    expect((await ada.ask('stepUp', { totp: ada.totp() })).code).toBeUndefined();
    await ada.renew();
    expect(amrOf(ada.token)).toEqual(['pwd', 'otp', 'mfa']);
    expect((await ada.ask('removeTotp')).code).toBeUndefined();
  });

  it('is not offered to a browser without the cookie, and not by the cookie of anyone else', async () => {
    const ada = await TrustedBrowser.trusted(app, transport);
    const bob = await TrustedBrowser.trusted(app, transport);
    const asked = async (value: string | undefined, headers = {}) => {
      const other = ada.elsewhere();
      if (value !== undefined) other.cookies.set(DEVICE, value);
      Object.assign(other.headers, headers);
      const { members } = await other.redeem();
      expect(deviceCookies(other)).toEqual([]);
      const { challengeId, ...rest } = members;
      expect(challengeId).toEqual(expect.any(String));
      return rest;
    };
    const own = ada.cookies.get(DEVICE) ?? '';
    const without = await asked(undefined);
    expect(without).toMatchObject({
      ...{ code: 'MFA_REQUIRED', factors: ['TOTP', 'RECOVERY_CODE'], trustDeviceDays: 30 },
    });
    const hashOf = createHash('sha256').update(own).digest('base64url');
    for (const value of [bob.cookies.get(DEVICE), '', `${own}x`, hashOf]) {
      expect(await asked(value)).toEqual(without);
    }
    // Of two cookies, none is trusted.
    expect(await asked(undefined, { cookie: `${DEVICE}=${own}; ${DEVICE}=x` })).toEqual(without);
    // Outside cookie mode, nobody reads it, and nothing is offered.
    const { trustDeviceDays: _, ...outside } = without;
    expect(await asked(own, { 'gatehouse-session': undefined })).toEqual(outside);
    expect((await ada.signInByCode()).code).toBeUndefined();
  });

  it('lists the devices of the account, and removes one', async () => {
    const ada = await TrustedBrowser.trusted(app, transport);
    const other = ada.elsewhere();
    await other.trust();
    const [newest, oldest, ...more] = await ada.devices();
    expect(more).toEqual([]);
    expect(newest).toMatchObject({ current: false });
    expect(oldest).toMatchObject({ current: true });
    const bob = await TrustedBrowser.trusted(app, transport);
    expect(await bob.devices()).toHaveLength(1);
    const id = newest?.id;
    for (const [owner, code] of [
      [new FactorOwner(app, transport), 'UNAUTHENTICATED'],
      [bob, 'NOT_FOUND'],
      [ada, undefined],
      [ada, 'NOT_FOUND'],
    ] as const) {
      expect((await owner.ask('removeTrustedDevice', { id })).code).toBe(code);
    }
    expect(await ada.devices()).toHaveLength(1);
    // The session stays, and the next sign-in needs the factor.
    expect((await other.me(other.token)).code).toBeUndefined();
    expect((await other.signInByCode()).code).toBe('MFA_REQUIRED');
    expect((await ada.signInByCode()).code).toBeUndefined();
  });

  it('refuses to trust outside cookie mode, before the proof is spent', async () => {
    const ada = await TrustedBrowser.enrolled(app, transport);
    const { challengeId } = await ada.redeem();
    const proof = { totp: ada.totp(), trustDevice: true };
    ada.headers = { 'gatehouse-session': undefined };
    const { members } = await ada.prove(challengeId, proof);
    expect(members.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(members)).toContain('Send the header Gatehouse-Session: cookie');
    ada.headers = {};
    expect((await ada.prove(challengeId, proof)).code).toBeUndefined();
    expect(await ada.stored()).toBe(1);
  });
});

it('trusts nothing without being asked to, and nothing after a wrong proof', async () => {
  const ada = await TrustedBrowser.enrolled(app);
  const { challengeId } = await ada.redeem();
  expect((await ada.prove(challengeId, { totp: '000000', trustDevice: true })).code).toBe(
    'INVALID_OTP',
  );
  expect((await ada.prove(challengeId, { totp: ada.totp() })).code).toBeUndefined();
  expect(deviceCookies(ada)).toEqual([]);
  expect(await ada.stored()).toBe(0);
});

it('ends 30 days after the proof of the factor, however often it was used', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const [before] = await ada.devices();
  for (const days of [14, 15]) {
    app.clock.advance({ seconds: days * DAY });
    expect((await ada.signInByCode()).code).toBeUndefined();
  }
  const [after] = await ada.devices();
  expect(after).toMatchObject({ expiresAt: before?.expiresAt, createdAt: before?.createdAt });
  expect(Date.parse(String(after?.lastUsedAt))).toBeGreaterThan(
    Date.parse(String(before?.lastUsedAt)) + 28 * DAY * 1000,
  );
  app.clock.advance({ seconds: DAY });
  await ada.renew();
  expect(await ada.devices()).toEqual([]);
  expect((await ada.signInByCode()).code).toBe('MFA_REQUIRED');
});

it('applies a lower setting to browsers that are trusted already', async () => {
  const ada = await TrustedBrowser.trusted(app);
  // As if it had been trusted when 60 days were possible.
  await app.sql(`update trusted_devices set expires_at = expires_at + interval '30 days'
    where account_id = (select id from accounts where email = '${ada.email}')`);
  app.clock.advance({ seconds: 30 * DAY + 1 });
  expect((await ada.signInByCode()).code).toBe('MFA_REQUIRED');
});

it('keeps the secret nowhere but in the browser', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const secret = ada.cookies.get(DEVICE) ?? '';
  const hash = createHash('sha256').update(secret).digest('base64url');
  const [row] = await app.sql('select * from trusted_devices order by created_at desc limit 1');
  expect(row).toMatchObject({ token_hash: hash, ip_address: ada.from });
  expect(JSON.stringify(row)).not.toContain(secret);
  await ada.signInByCode();
  expect(app.logLines.join()).not.toContain(secret);
});

it('records the trust and each use, and notifies the owner', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const [device] = await ada.devices();
  await ada.signInByCode();
  await app.mailsDelivered();
  expect(ada.mails().some((mail) => mail.includes('A trusted device was added'))).toBe(true);
  await app.auditWritten();
  const events = await ada.events();
  const trusted = events.find(({ event }) => event === 'DEVICE_TRUSTED');
  expect(trusted?.metadata).toEqual({
    device: device?.id,
    sessionId: expect.any(String),
    expiresAt: device?.expiresAt,
  });
  const used = events.filter(({ event }) => event === 'OTP_VERIFIED').at(-1);
  expect(used?.metadata).toMatchObject({
    trustedDevice: device?.id,
    sessionId: decodeJwt(ada.token).sid,
  });
});

it('counts the trust and each use', async () => {
  const read = async () => parseMetrics(await app.runtime.metrics.print());
  const before = await read();
  const ada = await TrustedBrowser.trusted(app);
  await ada.signInByCode();
  await ada.signInByCode();
  await ada.elsewhere().signInByCode();
  const counted = (outcome: string) => `gatehouse_trusted_devices_total{outcome="${outcome}"}`;
  const added = increases(before, await read());
  expect([added[counted('TRUSTED')], added[counted('USED')]]).toEqual([1, 2]);
});

it('keeps 20 devices, and one for each browser', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const first = ada.cookies.get(DEVICE);
  // The second factor is asked for again only if the cookie is not sent.
  ada.cookies.delete(DEVICE);
  const { challengeId } = await ada.redeem();
  ada.cookies.set(DEVICE, first ?? '');
  app.clock.advance({ seconds: 60 });
  await ada.prove(challengeId, { totp: ada.totp(), trustDevice: true });
  expect(ada.cookies.get(DEVICE)).not.toBe(first);
  expect(await ada.stored()).toBe(1);
  app.clock.advance({ seconds: 60 });
  for (let count = 0; count < 19; count += 1) await insertTrustedDevice(app, ada);
  expect(await ada.stored()).toBe(20);
  await ada.elsewhere().trust();
  expect(await ada.stored()).toBe(20);
  expect((await ada.signInByCode()).code).toBe('MFA_REQUIRED');
});

it('replaces the device of another account in the same browser', async () => {
  const ada = await TrustedBrowser.trusted(app);
  const bob = await TrustedBrowser.enrolled(app);
  for (const [name, value] of ada.cookies) bob.cookies.set(name, value);
  expect((await bob.trust()).code).toBeUndefined();
  expect([await ada.stored(), await bob.stored()]).toEqual([0, 1]);
});
