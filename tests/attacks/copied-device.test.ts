import { expect, it } from 'vitest';
import { endAllSessions } from '#src/sessions/end-all-sessions.ts';
import {
  DeleteUserDocument,
  ResetUserFactorsDocument,
  RevokeUserSessionsDocument,
} from '../../client/generated/graphql.ts';
import { Administrator, idOf } from '../support/administrator.ts';
import { stepUp } from '../support/api-key.ts';
import { useApp } from '../support/app.ts';
import { insertFactor } from '../support/factor-owner.ts';
import { PASSWORD, Person } from '../support/flow.ts';
import { DEVICE, TrustedBrowser, trustingMany } from '../support/trusted-browser.ts';

// A thief has copied the cookies of a trusted browser, reads the mails, and has signed in with them, so
// that the device belongs to the session of the thief. After ASVS 5.0: 7.4.1 to 7.4.5 (ends of sessions).

const app = useApp({
  ...trustingMany,
  FACTOR_RESET_HOURS: '1',
});
const SESSION = '__Host-gatehouse';
const NEW = 'amber-compass-91';

const done = async (outcome: Promise<{ code: unknown }>) => {
  const { code } = await outcome;
  if (code !== undefined) throw new Error(`refused: ${JSON.stringify(code)}`);
};

/** A trusted browser, and the thief. */
interface Both {
  readonly ada: TrustedBrowser;
  readonly thief: TrustedBrowser;
  /** The refresh token that was copied. */
  readonly copied: string;
}

async function robbed(): Promise<Both> {
  const ada = await TrustedBrowser.trusted(app);
  const thief = ada.elsewhere();
  const [copied = '', device = ''] = [SESSION, DEVICE].map((name) => ada.cookies.get(name));
  thief.cookies.set(DEVICE, device);
  app.clock.advance({ seconds: 60 });
  await done(thief.signInByCode());
  return { ada, thief, copied };
}

const sessionsOf = async (person: TrustedBrowser) =>
  Object.values((await person.ask('sessions')).members) as Record<string, unknown>[];

async function administer(ada: TrustedBrowser) {
  const admin = await Administrator.create(app);
  return { admin, id: await idOf(app, ada) };
}

/** Events that end the trust, although the device has a newer session. */
const ends: Readonly<Record<string, (both: Both) => Promise<unknown>>> = {
  'a changed password': ({ ada }) =>
    done(ada.ask('changePassword', { currentPassword: PASSWORD, newPassword: NEW })),
  'a reset password': async ({ ada }) => {
    await app.mailsDelivered();
    const before = ada.codes().length;
    const { email } = ada;
    const { challengeId } = await ada.ask('forgotPassword', { email });
    const otp = await ada.code(before + 1);
    await done(ada.ask('resetPassword', { email, otp, challengeId, password: NEW }));
  },
  'a further factor': async ({ ada }) => {
    await stepUp(app, ada);
    await done(ada.addPasskey());
  },
  'a removed factor': async ({ ada }) => {
    await stepUp(app, ada);
    await done(ada.ask('removeTotp'));
  },
  'factors that were reset': async ({ ada }) => {
    const { admin, id } = await administer(ada);
    await done(admin.change(ResetUserFactorsDocument, { id }));
    app.clock.advance({ seconds: 3700 });
    await done(ada.elsewhere().signInByCode());
  },
  'its session, which the owner revokes': async ({ ada }) => {
    const foreign = (await sessionsOf(ada)).find(({ current }) => !current);
    await done(ada.ask('revokeSession', { id: foreign?.id }));
  },
  'all other sessions': ({ ada }) => done(ada.ask('revokeOtherSessions')),
  'the device, which the owner removes': async ({ ada }) => {
    const [device] = await ada.devices();
    await done(ada.ask('removeTrustedDevice', { id: device?.id }));
  },
  'all sessions, which an administrator ends': async ({ ada }) => {
    const { admin, id } = await administer(ada);
    await done(admin.change(RevokeUserSessionsDocument, { id }));
  },
  'all sessions, which an operator ends': () => endAllSessions(app.runtime),
  'a disabled account': async ({ ada }) => {
    const { admin, id } = await administer(ada);
    await done(admin.disableUser(id));
    await done(admin.enableUser(id));
  },
  'an erased account, whose address is registered again': async ({ ada }) => {
    const { admin, id } = await administer(ada);
    await stepUp(app, admin);
    await done(admin.change(DeleteUserDocument, { id, email: ada.email }));
    await new Person(app, ada.email, ada.from).signUp();
  },
  'the session that it was trusted in, whose used token comes back': async ({
    ada,
    thief,
    copied,
  }) => {
    await done(ada.ask('refreshTokens'));
    await done(ada.ask('refreshTokens'));
    thief.cookies.set(SESSION, copied);
    expect((await thief.ask('refreshTokens')).code).toBe('INVALID_TOKEN');
  },
  'the session that it was trusted in, after five wrong passwords': async ({ ada, thief }) => {
    const guess = { currentPassword: 'wrong-basket-20', newPassword: NEW };
    thief.token = ada.token;
    for (let count = 0; count < 5; count += 1) await thief.ask('changePassword', guess);
    expect((await ada.me(ada.token)).code).toBe('UNAUTHENTICATED');
  },
};

it.each(Object.entries(ends))('keeps nothing of the trust that ends with %s', async (_, end) => {
  const both = await robbed();
  await end(both);
  await insertFactor(app, both.ada.email);
  const { code, members, setCookies } = await both.thief.redeem();
  expect([code, setCookies]).toEqual(['MFA_REQUIRED', []]);
  expect(members.factors).toContain('TOTP');
});

// Both stay trusted by design: the copy cannot be told apart from the browser.
it('keeps the trust after the sign-out of the owner, which the owner can still end', async () => {
  const { ada, thief } = await robbed();
  await done(ada.ask('logout'));
  await done(thief.signInByCode());
  await done(ada.signInByCode());
  await done(ada.ask('revokeOtherSessions'));
  expect((await thief.me(thief.token)).code).toBe('UNAUTHENTICATED');
});

it('trusts other browsers on, which were not used since the copied session began', async () => {
  const ada = await TrustedBrowser.enrolled(app);
  const phone = ada.elsewhere();
  await done(phone.trust());
  app.clock.advance({ seconds: 3600 });
  await done(ada.trust());
  const used = ada.cookies.get(SESSION) ?? '';
  await done(ada.ask('refreshTokens'));
  await done(ada.ask('refreshTokens'));
  ada.cookies.set(SESSION, used);
  expect((await ada.ask('refreshTokens')).code).toBe('INVALID_TOKEN');
  expect((await phone.signInByCode()).code).toBeUndefined();
  expect((await ada.signInByCode()).code).toBe('MFA_REQUIRED');
});
