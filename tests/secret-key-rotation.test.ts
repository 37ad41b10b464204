import { decodeJwt } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { openMail } from '#src/outbox/claim.ts';
import { replaceKeys } from '#src/signing-keys/add-key.ts';
import { encryptedKeys, reseal } from '#src/signing-keys/reseal-keys.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp();

/** Each test changes the secret of the tests for one of its own. */
const changed = (secretKey: string) => ({ secretKey, secretKeyPrevious: 'secret of the tests' });

const resealKeys = async (secret: string, previous: string) => {
  const sealer = createSealer('signing-key', secret, previous);
  await reseal(app.runtime.orm.em.fork(), sealer, encryptedKeys);
};

it('keeps sessions valid when SECRET_KEY changes', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const after = await startSecondServer(app, changed('the next secret'));
  const there = new Person(after, ada.email, ada.from);

  expect((await there.me(accessToken)).data?.me.email).toBe(ada.email);
  const second = (await there.refresh(refreshToken)).data?.refreshTokens;
  expect((await there.me(second?.accessToken ?? '')).code).toBeUndefined();
  expect((await there.refresh(second?.refreshToken ?? '')).code).toBeUndefined();
});

it('signs refresh tokens under the new secret, so that the former one can go', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const between = await startSecondServer(app, changed('one more secret'));
  const renewed = (await new Person(between, ada.email).refresh(refreshToken)).data?.refreshTokens;
  await resealKeys('one more secret', 'secret of the tests');
  onTestFinished(() => resealKeys('secret of the tests', 'one more secret'));

  const alone = await startSecondServer(app, { secretKey: 'one more secret' });
  const there = new Person(alone, ada.email);
  expect((await there.refresh(renewed?.refreshToken ?? '')).code).toBeUndefined();
  expect((await there.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('returns the same child again after SECRET_KEY changed, if the response was lost', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const child = (await ada.refresh(refreshToken)).data?.refreshTokens.refreshToken ?? '';
  const after = await startSecondServer(app, changed('a secret in between'));
  const again = (await new Person(after).refresh(refreshToken)).data?.refreshTokens.refreshToken;

  expect(decodeJwt(again ?? '')).toEqual(decodeJwt(child));
  expect((await new Person(after).refresh(again ?? '')).code).toBeUndefined();
});

it('issues a new child token if the secret that derived the lost one is unknown', async () => {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const ahead = await startSecondServer(app, changed('a secret to come'));
  const child = (await new Person(ahead).refresh(refreshToken)).data?.refreshTokens.refreshToken;

  const sibling = (await ada.refresh(refreshToken)).data?.refreshTokens.refreshToken;
  expect(sibling).not.toBe(child);
  expect((await new Person(ahead).refresh(child ?? '')).code).toBeUndefined();
  expect((await ada.refresh(sibling ?? '')).code).toBe('INVALID_TOKEN');
});

it('ends the session when a used token of the former secret is presented again', async () => {
  const ada = new Person(app);
  const first = await ada.signIn();
  const after = await startSecondServer(app, changed('yet another secret'));
  const second = (await new Person(after).refresh(first.refreshToken)).data?.refreshTokens;
  const third = await new Person(after).refresh(second?.refreshToken ?? '');
  expect(third.code).toBeUndefined();

  expect((await new Person(after).refresh(first.refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await new Person(after).me(second?.accessToken ?? '')).code).toBe('UNAUTHENTICATED');
});

it('accepts nothing from a leaked secret after all keys are replaced', async () => {
  const ada = new Person(app);
  const { accessToken, refreshToken } = await ada.signIn();
  const replace = (secret: string) =>
    replaceKeys({
      em: app.runtime.orm.em.fork(),
      sealer: createSealer('signing-key', secret),
      clock: app.clock,
    });
  await replace('nobody has this one');
  onTestFinished(async () => void (await replace('secret of the tests')));

  const after = await startSecondServer(app, { secretKey: 'nobody has this one' });
  const there = new Person(after, ada.email);
  expect((await there.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await there.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
});

it('re-encrypts keys and waiting mails, so that the former secret can go', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signIn();
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await ada.requestOtp();
  onTestFinished(async () => {
    app.mails.refuse = () => undefined;
    const variables = { SECRET_KEY_PREVIOUS: 'the last secret' };
    await command(app, 'keys', 'reseal', { variables });
  });
  const variables = { SECRET_KEY: 'the last secret', SECRET_KEY_PREVIOUS: 'secret of the tests' };
  const { code, output } = await command(app, 'keys', 'reseal', { variables });
  const twice = await command(app, 'keys', 'reseal', { variables });

  expect(code).toBe(0);
  expect(output).toMatch(
    /^signing keys: 1 re-encrypted, 0 already up to date\nmails: [1-9]\d* re-encrypted/,
  );
  expect(twice.output).toMatch(
    /^signing keys: 0 re-encrypted, 1 already up to date\nmails: 0 re-encrypted/,
  );
  const alone = await startSecondServer(app, { secretKey: 'the last secret' });
  expect((await new Person(alone).me(accessToken)).data?.me.email).toBe(ada.email);
  const [waiting] = await app.sql<{ id: string; payload: string }>(
    `select id, payload from outbox_entries where kind = 'mail' and done_at is null
     order by id desc`,
  );
  const { id = '', payload = '' } = waiting ?? {};
  expect(openMail(alone.runtime.sealer, id, payload).to).toBe(ada.email);
});
