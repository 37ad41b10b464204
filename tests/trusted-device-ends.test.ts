import { expect, it } from 'vitest';
import { endAllSessions } from '#src/sessions/end-all-sessions.ts';
import {
  ResetUserFactorsDocument,
  RevokeUserSessionsDocument,
} from '../client/generated/graphql.ts';
import { undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { stepUp } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { insertFactor } from './support/factor-owner.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { TrustedBrowser, trustingMany } from './support/trusted-browser.ts';

const app = useApp({ ...trustingMany, FACTOR_RESET_HOURS: '1' });

const SESSION = '__Host-gatehouse';
const NEW = 'amber-compass-91';

/** A signed-in browser of the same user that is not trusted. */
async function signedInElsewhere(ada: TrustedBrowser): Promise<TrustedBrowser> {
  const other = ada.elsewhere();
  app.clock.advance({ seconds: 60 });
  await other.enter();
  return other;
}

const done = async (outcome: Promise<{ code: unknown }>) => {
  const { code } = await outcome;
  if (code !== undefined) throw new Error(`refused: ${JSON.stringify(code)}`);
};

async function changeAddress(ada: TrustedBrowser): Promise<void> {
  await stepUp(app, ada);
  const newEmail = newAddress();
  const { challengeId } = await ada.ask('changeEmail', { newEmail });
  const otp = await new Person(app, newEmail).code();
  await done(ada.ask('confirmEmailChange', { otp, challengeId }));
}

async function resetPassword(ada: TrustedBrowser): Promise<void> {
  const thief = new Person(app, ada.email);
  await app.mailsDelivered();
  const before = thief.codes().length;
  const { data } = await thief.forgotPassword();
  const id = data?.forgotPassword.challengeId;
  await done(thief.resetPassword(await thief.code(before + 1), NEW, id));
}

async function sessionOf(ada: TrustedBrowser): Promise<unknown> {
  const sessions = Object.values((await ada.ask('sessions')).members) as Record<string, unknown>[];
  return sessions.find(({ current }) => current)?.id;
}

async function withPasskey(ada: TrustedBrowser): Promise<void> {
  await stepUp(app, ada);
  await done(ada.addPasskey());
  await done(ada.trust());
  await stepUp(app, ada);
}

/** Events that end the trust in a browser. */
const ends: Readonly<Record<string, (ada: TrustedBrowser) => Promise<unknown>>> = {
  'a changed password': (ada) =>
    done(ada.ask('changePassword', { currentPassword: PASSWORD, newPassword: NEW })),
  'a password that was reset by mail': resetPassword,
  'a further factor': async (ada) => {
    await stepUp(app, ada);
    await done(ada.addPasskey());
  },
  'a replaced app': async (ada) => {
    await stepUp(app, ada);
    await done(ada.enroll());
  },
  'a removed app': async (ada) => {
    await withPasskey(ada);
    await done(ada.ask('removeTotp'));
  },
  'a removed passkey': async (ada) => {
    await withPasskey(ada);
    await done(ada.removePasskey((await ada.passkeyIds())[0]));
  },
  'a removed last factor': async (ada) => {
    await stepUp(app, ada);
    await done(ada.ask('removeTotp'));
  },
  'an undone enrolment': async (ada) => {
    await app.mailsDelivered();
    await done(ada.ask('undoFactorChange', { secret: ada.undoSecrets()[0] }));
  },
  'an undone change of the address': async (ada) => {
    await changeAddress(ada);
    await app.mailsDelivered();
    await done(ada.ask('undoEmailChange', { secret: undoSecretsOf(ada).at(-1) }));
  },
  'a reset of the factors': async (ada) => {
    const admin = await Administrator.create(app);
    await done(admin.change(ResetUserFactorsDocument, { id: await idOf(app, ada) }));
    app.clock.advance({ seconds: 3700 });
    await done(ada.elsewhere().signInByCode());
  },
  'all sessions ended by an administrator': async (ada) => {
    const admin = await Administrator.create(app);
    await done(admin.change(RevokeUserSessionsDocument, { id: await idOf(app, ada) }));
  },
  'all sessions ended by an operator': () => endAllSessions(app.runtime),
  'a disabled account': async (ada) => {
    const admin = await Administrator.create(app);
    const id = await idOf(app, ada);
    await done(admin.disableUser(id));
    await done(admin.enableUser(id));
  },
  'its session revoked elsewhere': async (ada) => {
    const other = await signedInElsewhere(ada);
    await done(other.ask('revokeSession', { id: await sessionOf(ada) }));
  },
  'all other sessions revoked elsewhere': async (ada) => {
    const other = await signedInElsewhere(ada);
    await done(other.ask('revokeOtherSessions'));
  },
  'all other sessions revoked elsewhere, after its own logout': async (ada) => {
    await done(ada.ask('logout'));
    const other = await signedInElsewhere(ada);
    await done(other.ask('revokeOtherSessions'));
  },
  'a revoked session that it opened itself': async (ada) => {
    await done(ada.signInByCode());
    const other = await signedInElsewhere(ada);
    await done(other.ask('revokeSession', { id: await sessionOf(ada) }));
  },
  'a revoked session that a passkey opened in it': async (ada) => {
    await withPasskey(ada);
    await done(ada.signInByPasskey());
    const other = await signedInElsewhere(ada);
    await done(other.ask('revokeSession', { id: await sessionOf(ada) }));
  },
  'five wrong passwords in its session': async (ada) => {
    for (let count = 0; count < 5; count += 1) {
      await ada.ask('changePassword', { currentPassword: 'wrong-basket-20', newPassword: NEW });
    }
    expect((await ada.me(ada.token)).code).toBe('UNAUTHENTICATED');
  },
  'a used refresh token that came back': async (ada) => {
    const used = ada.cookies.get(SESSION) ?? '';
    await done(ada.ask('refreshTokens'));
    await done(ada.ask('refreshTokens'));
    ada.cookies.set(SESSION, used);
    expect((await ada.ask('refreshTokens')).code).toBe('INVALID_TOKEN');
  },
};

it.each(Object.entries(ends))('ends with %s', async (_name, end) => {
  const ada = await TrustedBrowser.trusted(app);
  await end(ada);
  expect(await ada.stored()).toBe(0);
  // Also if the account got a factor again.
  await insertFactor(app, ada.email);
  expect((await ada.signInByCode()).code).toBe('MFA_REQUIRED');
});

/** Events that leave a browser trusted. */
const keeps: Readonly<Record<string, (ada: TrustedBrowser) => Promise<unknown>>> = {
  'its own logout': (ada) => done(ada.ask('logout')),
  'the end of its session': async () => app.clock.advance({ seconds: 15 * 24 * 3600 }),
  'the end of other sessions': async (ada) => {
    await signedInElsewhere(ada);
    await done(ada.ask('revokeOtherSessions'));
  },
  'the end of one other session': async (ada) => {
    const other = await signedInElsewhere(ada);
    await done(ada.ask('revokeSession', { id: await sessionOf(other) }));
  },
  'a step-up': (ada) => {
    app.clock.advance({ seconds: 60 });
    return done(ada.ask('stepUp', { totp: ada.totp() }));
  },
  'new recovery codes': async (ada) => {
    await stepUp(app, ada);
    await done(ada.ask('renewRecoveryCodes'));
  },
  'an account of someone else that was disabled': async () => {
    const bob = await TrustedBrowser.trusted(app);
    const admin = await Administrator.create(app);
    await done(admin.disableUser(await idOf(app, bob)));
  },
};

it.each(Object.entries(keeps))('outlives %s', async (_name, act) => {
  const ada = await TrustedBrowser.trusted(app);
  await act(ada);
  expect((await ada.signInByCode()).code).toBeUndefined();
});

it('goes with the account', async () => {
  const ada = await TrustedBrowser.trusted(app);
  await stepUp(app, ada);
  const [device] = await ada.devices();
  await done(ada.ask('deleteMyAccount'));
  expect(await app.sql('select id from trusted_devices where id = ?', [device?.id])).toEqual([]);
});

it('is part of the export, without its secret', async () => {
  const ada = await TrustedBrowser.trusted(app);
  await stepUp(app, ada);
  const { data } = await app.graphql(
    'mutation { exportMyData }',
    {},
    { from: ada.from, token: ada.token },
  );
  const exported = data?.exportMyData as { trusted_devices: object[] };
  expect(exported.trusted_devices).toEqual([
    {
      id: expect.any(String),
      session_id: await sessionOf(ada),
      created_at: expect.any(String),
      last_used_at: expect.any(String),
      expires_at: expect.any(String),
      ip_address: ada.from,
      user_agent: expect.any(String),
    },
  ]);
});
