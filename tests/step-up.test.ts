import { expect, it } from 'vitest';
import { type AskedOperation, askOver, transports } from './equivalence/either-transport.ts';
import { newClient, useApp } from './support/app.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { PASSWORD, Person, wrongCode } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp({ LIMIT_EXPORT: '1000/60', TRUST_PROXY: '127.0.0.0/8' });

/** A signed-in session and its operations, over one of the transports. */
async function session(person: Person, transport: (typeof transports)[number] = 'GraphQL') {
  const { accessToken: token } = await person.signIn();
  const ask = (operation: AskedOperation, input: Record<string, unknown> = {}) =>
    askOver(transport, app, operation, input, { from: person.from, token });
  return {
    token,
    stepUp: (input: Record<string, unknown>) => ask('stepUp', input),
    isSteppedUp: async () => (await ask('exportMyData')).code !== 'STEP_UP_REQUIRED',
    async mailedCode() {
      const before = person.codes().length;
      const { challengeId } = await ask('requestStepUp');
      return { otp: await person.code(before + 1), challengeId };
    },
  };
}

/** A person with a verified address and a password. */
async function owner(): Promise<Person> {
  const ada = new Person(app);
  await ada.signUp();
  return ada;
}

const requestOf = async (person: Person, code: string) =>
  (await person.events()).filter(({ event }) => event === code).map(({ metadata }) => metadata);

it.each(transports)('accepts the password, or a mailed code, for 10 minutes: %s', async (way) => {
  const ada = await owner();
  const phone = await session(ada, way);
  const laptop = await session(ada, way);
  const proofs = [async () => ({ password: PASSWORD }), phone.mailedCode];
  for (const proof of proofs) {
    expect(await phone.isSteppedUp()).toBe(false);
    expect((await phone.stepUp(await proof())).code).toBeUndefined();
    expect(await phone.isSteppedUp()).toBe(true);
    // A proof counts in its own session only.
    expect(await laptop.isSteppedUp()).toBe(false);
    app.clock.advance({ seconds: 599 });
    expect(await phone.isSteppedUp()).toBe(true);
    app.clock.advance({ seconds: 1 });
    expect(await phone.isSteppedUp()).toBe(false);
    // The access token is valid for 15 minutes only.
    app.clock.advance({ seconds: -600 });
    await app.sql('update sessions set stepped_up_at = null');
  }
  await app.auditWritten();
  expect(await requestOf(ada, 'LOGIN_SUCCEEDED')).toMatchObject([{ by: 'stepUp' }]);
  expect(await requestOf(ada, 'OTP_VERIFIED')).toContainEqual(
    expect.objectContaining({ purpose: 'CONFIRM', sessionId: expect.any(String) }),
  );
});

it('names the accepted proofs, over REST with the challenge of RFC 9470', async () => {
  const ada = await owner();
  const { token } = await session(ada);
  const refused = await rest(app, 'GET', '/auth/export', undefined, { token, from: ada.from });
  expect(refused.status).toBe(401);
  expect(refused.body).toMatchObject({ code: 'STEP_UP_REQUIRED', proofs: ['PASSWORD', 'CODE'] });
  expect(refused.headers['www-authenticate']).toBe(
    'Bearer realm="api", error="insufficient_user_authentication", error_description="A recent step-up is required", max_age="600"',
  );
  const bob = new Person(app);
  const { accessToken } = await bob.signIn();
  const answer = await app.graphql('mutation { exportMyData }', {}, { token: accessToken });
  expect(answer.errors[0]?.extensions).toEqual({ code: 'STEP_UP_REQUIRED', proofs: ['CODE'] });
});

it('accepts no code of another purpose, session or account, and no code twice', async () => {
  const ada = await owner();
  const phone = await session(ada);
  const laptop = await session(ada);
  const other = await session(await owner());
  const before = ada.codes().length;
  const signIn = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const reset = (await ada.forgotPassword()).data?.forgotPassword.challengeId;
  await ada.code(before + 2);
  const codes = ada.codes().slice(before);
  for (const otp of codes) {
    for (const challengeId of [signIn, reset, undefined]) {
      app.clock.advance({ seconds: 1 });
      expect((await phone.stepUp({ otp, challengeId })).code).toBe('INVALID_OTP');
      await app.runtime.redis.flushdb();
    }
  }

  const { otp, challengeId } = await phone.mailedCode();
  expect((await ada.verifyOtp(otp, challengeId)).code).toBe('INVALID_OTP');
  expect((await ada.resetPassword(otp, 'amber-compass-91', challengeId)).code).toBe('INVALID_OTP');
  expect((await other.stepUp({ otp, challengeId })).code).toBe('INVALID_OTP');
  expect((await laptop.stepUp({ otp, challengeId })).code).toBe('INVALID_OTP');
  const again = await phone.mailedCode();
  expect((await phone.stepUp(again)).code).toBeUndefined();
  expect((await phone.stepUp(again)).code).toBe('INVALID_OTP');
  expect(await laptop.isSteppedUp()).toBe(false);
});

it('rejects a code from before the password was changed', async () => {
  const ada = await owner();
  const phone = await session(ada);
  const code = await phone.mailedCode();
  const input = { currentPassword: PASSWORD, newPassword: 'amber-compass-91' };
  expect((await ada.changePassword(phone.token, input)).code).toBeUndefined();
  expect((await phone.stepUp(code)).code).toBe('INVALID_OTP');
});

it('rejects both proofs together, and neither', async () => {
  const phone = await session(await owner());
  for (const input of [{}, { password: PASSWORD, otp: '123456' }]) {
    expect((await phone.stepUp(input)).code).toBe('BAD_USER_INPUT');
  }
  expect(await phone.isSteppedUp()).toBe(false);
});

it('compares 5 of 60 passwords of a session, from any client, and then ends it', async () => {
  const ada = await owner();
  const { token } = await session(ada);
  const guesses = Array.from({ length: 60 }, (_, n) =>
    askOver(
      transports[n % 2] ?? 'REST',
      app,
      'stepUp',
      { password: `guess-number-${n}` },
      { token, headers: { 'x-forwarded-for': `192.0.2.${1 + (n % 30)}` } },
    ),
  );
  const codes = (await Promise.all(guesses)).map(({ code }) => code);
  expect(codes.filter((code) => code === 'BAD_USER_INPUT')).toHaveLength(5);
  expect((await ada.me(token)).code).toBe('UNAUTHENTICATED');
});

it('counts wrong codes with those of a sign-in, exactly', async () => {
  const ada = await owner();
  const phone = await session(ada);
  const { otp, challengeId } = await phone.mailedCode();
  const guess = { otp: wrongCode(otp), challengeId };
  const codes = await Promise.all(Array.from({ length: 20 }, () => phone.stepUp(guess)));
  expect(codes.filter(({ code }) => code === 'INVALID_OTP')).toHaveLength(5);
  expect(codes.filter(({ code }) => code === 'LOCKED')).toHaveLength(15);
  expect((await ada.verifyOtp(wrongCode(otp))).code).toBe('LOCKED');
});

it('compares no code for a session that has ended', async () => {
  const ada = await owner();
  const phone = await session(ada);
  const code = await phone.mailedCode();
  const { token } = await session(new Person(app, ada.email, newClient()));
  await ada.revokeOtherSessions(token);
  expect((await phone.stepUp(code)).code).toBe('UNAUTHENTICATED');
  expect((await phone.stepUp({ password: PASSWORD })).code).toBe('UNAUTHENTICATED');
});

it('names the proof that an account with a factor needs, in place of a password or a code', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { from, token } = ada;
  const text =
    'This account has a second factor. Send stepUp a proof of it: passkey, totp or recoveryCode.';
  const proofs = ['TOTP', 'RECOVERY_CODE'];
  for (const body of [{ password: PASSWORD }, { otp: '000000', challenge_id: '1' }]) {
    const answer = await rest(app, 'POST', '/auth/step-up', body, { from, token });
    expect(answer.body).toMatchObject({ code: 'STEP_UP_REQUIRED', detail: text, proofs });
  }
  const asked = await app.graphql('mutation { requestStepUp { detail } }', {}, { from, token });
  expect(asked.errors[0]).toMatchObject({ message: text, extensions: { proofs } });
});
