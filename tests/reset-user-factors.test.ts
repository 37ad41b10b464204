import { expect, it } from 'vitest';
import { ResetUserFactorsDocument } from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { Person } from './support/flow.ts';
import { rest } from './support/rest.ts';
import { manyCodes } from './support/wide-limits.ts';

const HOUR = 3600;
const app = useApp({
  ...manyCodes,
  FACTOR_RESET_HOURS: '48',
});

/** Orders the reset of the factors of a person. */
async function order(person: Person) {
  const admin = await Administrator.create(app);
  const answer = await admin.change(ResetUserFactorsDocument, { id: await idOf(app, person) });
  await app.mailsDelivered();
  return answer;
}

it('removes all factors with the first sign-in after the waiting time', async () => {
  const ada = await FactorOwner.enrolled(app);
  const { data } = await order(ada);
  const wait = Date.parse(data?.resetUserFactors.dueAt ?? '') - app.clock.now().getTime();
  expect(Math.round(wait / 1000 / HOUR)).toBe(48);
  expect(ada.mails().at(-1)).toContain('Two-step sign-in will be turned off');
  app.clock.advance({ seconds: 48 * HOUR - 60 });
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
  app.clock.advance({ seconds: 120 });
  const entered = await ada.redeem();
  expect(entered.code).toBeUndefined();
  expect((await ada.refresh(ada.refreshToken)).code).toBe('INVALID_TOKEN');
  ada.token = String(entered.members.accessToken);
  expect((await ada.ask('factors')).members).toEqual({ kinds: [], recoveryCodesLeft: 0 });
  await app.auditWritten();
  const events = (await ada.events()).map(({ event }) => event);
  expect(events).toEqual(expect.arrayContaining(['FACTOR_RESET_REQUESTED', 'FACTORS_RESET']));
  await app.mailsDelivered();
  expect(ada.mails().join()).toContain('Two-step sign-in was turned off');
});

it('is cancelled by the owner: with the mailed secret, or by a sign-in with the factor', async () => {
  const ada = await FactorOwner.enrolled(app);
  const bob = await FactorOwner.enrolled(app);
  for (const owner of [ada, bob]) await order(owner);
  const secret = ada.undoSecrets().at(-1);
  expect((await ada.ask('undoFactorChange', { secret })).code).toBeUndefined();
  expect((await bob.enter()).code).toBeUndefined();
  app.clock.advance({ seconds: 49 * HOUR });
  for (const owner of [ada, bob]) expect((await owner.redeem()).code).toBe('MFA_REQUIRED');
});

it('ends unused 7 days after the waiting time', async () => {
  const ada = await FactorOwner.enrolled(app);
  await order(ada);
  app.clock.advance({ seconds: (48 + 7 * 24) * HOUR + 60 });
  expect((await ada.redeem()).code).toBe('MFA_REQUIRED');
});

it('is for administrators, and for users who have a factor', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  expect((await order(ada)).code).toBe('BAD_USER_INPUT');
  const path = `/admin/users/${await idOf(app, ada)}/reset-factors`;
  expect((await rest(app, 'POST', path, undefined, { token })).status).toBe(403);
});
