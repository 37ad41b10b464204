import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { messageOf } from '#src/webhooks/webhook-message.ts';
import { CreateWebhookDocument, ResetUserFactorsDocument } from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { steppedUpAdministrator } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { startReceiver } from './support/receiver.ts';
import { manyCodes } from './support/wide-limits.ts';

const app = useApp({
  ...manyCodes,
  FACTOR_RESET_HOURS: '48',
});

const sessionOf = (token: unknown) => decodeJwt<{ sid: string }>(String(token)).sid;

async function listen(events: readonly string[]): Promise<void> {
  const { url } = await startReceiver();
  const admin = await steppedUpAdministrator(app);
  const { data, text } = await admin.change(CreateWebhookDocument, { url, events });
  if (!data) throw new Error(text);
}

/** Returns the data of the messages of one type about a person, oldest first. */
async function messages(type: string, owner: PasskeyFactorOwner) {
  await app.auditWritten();
  const rows = await app.sql<{ eventId: string; type: string }>(
    `select distinct d.event_id as "eventId", d.type from webhook_deliveries d
     join audit_events e on e.id = d.event_id
     where e.account_id = ? and d.type = ? order by d.event_id`,
    [await idOf(app, owner), type],
  );
  const texts = await Promise.all(rows.map((row) => messageOf(app.runtime.sql, row)));
  return texts.map((text) => JSON.parse(text ?? '{}').data as Record<string, unknown>);
}

it('tells that other sessions ended with a first factor, its undo, and a reset', async () => {
  await listen(['session.ended']);
  const ada = await PasskeyFactorOwner.create(app);
  await ada.signIn();
  const enrolling = sessionOf(ada.token);
  await ada.enroll();
  expect((await ada.addPasskey()).code).toBeUndefined();
  const all = { user_id: await idOf(app, ada), session_id: null };
  const enrolled = { ...all, except_session_id: enrolling, reason: 'factor_enrolled' };
  expect(await messages('session.ended', ada)).toEqual([enrolled]);

  const admin = await Administrator.create(app);
  await admin.change(ResetUserFactorsDocument, { id: all.user_id });
  app.clock.advance({ seconds: 49 * 3600 });
  const { accessToken } = (await ada.redeem()).members;
  const reset = { ...all, except_session_id: sessionOf(accessToken), reason: 'factors_reset' };
  expect(await messages('session.ended', ada)).toEqual([enrolled, reset]);

  const bob = await PasskeyFactorOwner.enrolled(app);
  await app.mailsDelivered();
  const [secret] = bob.undoSecrets();
  expect((await bob.ask('undoFactorChange', { secret })).code).toBeUndefined();
  expect((await messages('session.ended', bob)).at(-1)).toEqual({
    ...{ user_id: await idOf(app, bob), session_id: null, except_session_id: null },
    reason: 'factor_enrolment_undone',
  });
});

it('tells of sign-ins with a factor and by passkey alone', async () => {
  await listen(['session.created', 'user.updated']);
  const ada = await PasskeyFactorOwner.enrolled(app);
  const before = (await messages('session.created', ada)).length;
  await ada.enterByPasskey();
  const first = sessionOf(ada.token);
  await ada.signInByPasskey();
  const sessions = (await messages('session.created', ada)).slice(before);
  expect(sessions.map(({ session_id: id }) => id)).toEqual([first, sessionOf(ada.token)]);
  await ada.updateProfile(ada.token, { firstName: 'Ada' });
  expect((await messages('user.updated', ada)).at(-1)).toMatchObject({
    user: { email: ada.email, has_factor: true },
  });
});
