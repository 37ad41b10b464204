import { expect, it, onTestFinished } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { openTotp } from '#src/factors/totp-kind.ts';
import { useApp } from './support/app.ts';
import { bytesOf } from './support/base32.ts';
import { command } from './support/command.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';
import { manyCodes } from './support/wide-limits.ts';

const HOUR = 3600;
const app = useApp(manyCodes);

/** Orders a reset on the command line, which has the clock of the machine. */
const order = (words: string) =>
  command(app, 'users', `reset-factors ${words}`, { variables: { FACTOR_RESET_HOURS: '24' } });

it('orders the reset of a user, who is told at once, and waits', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { code, output } = await order(`${ada.email} --json`);
  const { dueAt, ...user } = JSON.parse(output);
  expect([code, user]).toEqual([0, { id: expect.any(String), email: ada.email }]);
  expect((Date.parse(dueAt) - Date.now()) / 1000 / HOUR).toBeCloseTo(24, 1);
  await app.mailsDelivered();
  expect(ada.mails().at(-1)).toContain('Two-step sign-in will be turned off');
  app.clock.advance({ seconds: 23 * HOUR });
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
  app.clock.advance({ seconds: 2 * HOUR });
  expect((await ada.redeem()).code).toBeUndefined();
  await app.mailsDelivered();
  expect(ada.mails().join()).toContain('Two-step sign-in was turned off');
  await app.auditWritten();
  const resets = (await ada.events()).filter(({ event }) => event.startsWith('FACTOR'));
  expect(resets.map(({ event, metadata }) => [event, metadata.by])).toEqual(
    expect.arrayContaining([
      ['FACTOR_RESET_REQUESTED', 'operator'],
      ['FACTORS_RESET', 'operator'],
    ]),
  );
  app.clock.advance({ seconds: -25 * HOUR });
});

it('is cancelled by the mailed link, and by a factor', async () => {
  const owners = [await FactorOwner.enrolled(app), await FactorOwner.enrolled(app)] as const;
  for (const { email } of owners) {
    const { code, output } = await order(email);
    expect(code).toBe(0);
    expect(output).toMatch(
      new RegExp(`^A mailed code signs in as ${email} from \\S+Z on\\.\nThe user was notified`),
    );
  }
  await app.mailsDelivered();
  const [ada, bob] = owners;
  const secret = ada.undoSecrets().at(-1);
  expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
  expect((await bob.enter()).code).toBeUndefined();
  app.clock.advance({ seconds: 30 * HOUR });
  for (const owner of owners) expect((await owner.redeem()).code).toBe('MFA_REQUIRED');
  app.clock.advance({ seconds: -30 * HOUR });
});

it('says why it cannot reset: no factor, or no user', async () => {
  const ada = new Person(app);
  await ada.signIn();
  expect(await order(ada.email)).toEqual({
    code: 1,
    output: expect.stringContaining('no second factor'),
  });
  expect(await order('nobody@example.com')).toEqual({
    code: 1,
    output: 'User not found. List users to find the right ID.\n',
  });
});

it('re-encrypts the secrets of apps, also of one that waits for its first code', async () => {
  const ada = await FactorOwner.enrolled(app);
  const waiting = String((await ada.ask('enrollTotp')).members.secret);
  const secretKey = 'the secret after that of the tests';
  onTestFinished(async () => {
    await command(app, 'keys', 'reseal', { variables: { SECRET_KEY_PREVIOUS: secretKey } });
  });
  const formerKey = app.runtime.config.secretKey;
  const variables = { SECRET_KEY: secretKey, SECRET_KEY_PREVIOUS: formerKey };
  const { code, output } = await command(app, 'keys', 'reseal', { variables });
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/^authenticator apps: [2-9]\d* re-encrypted, 0 already/m),
  ]);
  const [row] = await app.sql<{ account_id: string; sealed_secret: string }>(
    `select account_id, sealed_secret from totp_factors
     where account_id = (select id from accounts where email = ?)`,
    [ada.email],
  );
  const { account_id: id = '', sealed_secret: sealed = '' } = row ?? {};
  const former = createSealer('factor', formerKey);
  expect(() => openTotp(former, id, sealed)).toThrow(/^no key for the encrypted text/);
  // A server without the former secret accepts codes of both.
  const alone = await startSecondServer(app, { secretKey });
  const there = Object.assign(new FactorOwner(alone, 'GraphQL', ada), {
    ...{ token: ada.token, secret: ada.secret },
  });
  expect((await there.ask('stepUp', { totp: there.totp() })).code).toBeUndefined();
  there.secret = waiting;
  expect(bytesOf(waiting)).toHaveLength(20);
  expect((await there.ask('confirmTotp', { totp: there.totp() })).code).toBeUndefined();
});
