import { expect, it } from 'vitest';
import { schedule } from '#worker/scheduled-jobs.ts';
import {
  CreateWebhookDocument,
  DeleteUserDocument,
  DeleteWebhookDocument,
  RedeliverDocument,
  RotateWebhookSecretDocument,
  UpdateWebhookDocument,
  WebhookDeliveriesDocument,
  type WebhookDeliveryStatus,
  WebhooksDocument,
} from '../client/generated/graphql.ts';
import { type Administrator, idOf } from './support/administrator.ts';
import { steppedUpAdministrator } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { type Receiver, startReceiver } from './support/receiver.ts';
import { insertDelivery, webhookEvents } from './support/webhook.ts';
import { goingOn, openWorker } from './worker/open-worker.ts';

const app = useApp({ LIMIT_ADMIN: '1000/60' });

async function webhook(events: readonly string[], receiver?: Receiver) {
  const admin = await steppedUpAdministrator(app);
  // A later event about this sign-in would be a message to the webhook.
  await app.auditWritten();
  const at = receiver ?? (await startReceiver());
  const { data, text } = await admin.change(CreateWebhookDocument, { url: at.url, events });
  if (!data) throw new Error(text);
  return { admin, receiver: at, ...data.createWebhook };
}

const arrived = (receiver: Receiver, count = 1) =>
  app.eventually(() => receiver.received.length >= count && receiver.received);

async function deliveriesOf(
  admin: Administrator,
  webhookId: string,
  status?: WebhookDeliveryStatus,
) {
  const { data } = await admin.run(WebhookDeliveriesDocument, {
    webhookId,
    status: status ?? null,
  });
  return data?.webhookDeliveries?.edges.map(({ node }) => node) ?? [];
}

const eventsOf = (id: string) => webhookEvents(app, id);

/** Runs a scheduled job in another worker. */
async function runJob(name: string): Promise<void> {
  const job = schedule.find((each) => each.name === name);
  await job?.run(await openWorker(app), goingOn);
}

it('sends a signed message about a new user, and shows its secret once', async () => {
  const { admin, receiver, secret, ...created } = await webhook([
    'user.created',
    'session.created',
  ]);
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  const ada = new Person(app);
  await ada.signIn();
  const userId = await idOf(app, ada);
  // Events of the administrator may be younger than the webhook.
  const ofAda = () => receiver.received.filter(({ message }) => message.data.user_id === userId);
  await app.eventually(() => ofAda().length === 2);
  const byType = Object.fromEntries(ofAda().map((each) => [each.message.type, each]));
  const { 'user.created': user, 'session.created': session } = byType;
  expect(user?.message.data).toEqual({
    user_id: userId,
    user: expect.objectContaining({ id: userId, email: ada.email, email_verified: true }),
  });
  expect(session?.message.data).toMatchObject({ user_id: userId, ip_address: ada.from });
  expect(new Set(ofAda().map(({ id }) => id)).size).toBe(2);
  expect(receiver.received.every((each) => each.isSignedWith(secret))).toBe(true);
  expect(user?.headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' });
  const [event] = await app.sql<{ id: string; created_at: string }>(
    "select id, created_at from audit_events where email = ? and event = 'OTP_VERIFIED'",
    [ada.email],
  );
  expect(user?.id).toBe(`${event?.id}:user-created`);
  expect(new Date(user?.message.timestamp ?? 0)).toEqual(new Date(event?.created_at ?? 1));
  const list = await admin.run(WebhooksDocument, {});
  expect(list.data?.webhooks?.[0]).toEqual({
    ...{ id: created.id, url: receiver.url, description: '', createdAt: created.createdAt },
    ...{ events: ['user.created', 'session.created'], failingSince: null, disabledAt: null },
  });
  const [row] = await app.sql('select * from webhooks where id = ?', [created.id]);
  expect(JSON.stringify(row)).not.toContain(secret.slice(6));
  expect((await eventsOf(created.id))[0]).toEqual({
    event: 'WEBHOOK_CREATED',
    email: '',
    metadata: {
      webhook: created.id,
      origin: new URL(receiver.url).origin,
      events: ['user.created', 'session.created'],
      by: await idOf(app, admin),
    },
  });
  const deliveries = await app.eventually(async () => {
    const delivered = await deliveriesOf(admin, created.id, 'DELIVERED');
    return delivered.length === 2 && delivered;
  });
  expect(deliveries[1]).toMatchObject({ attempts: 1, lastError: null, dueAt: null });
});

it('sends each kind of event with its data, in messages with different ids', {
  timeout: 60_000,
}, async () => {
  const types = [
    ...['user.created', 'user.updated', 'user.disabled', 'user.deleted', 'session.created'],
    ...['session.ended', 'password.changed', 'email.changed', 'audit.USER_DISABLED'],
  ];
  const { admin, receiver } = await webhook(types);
  const ada = new Person(app);
  await ada.register();
  await ada.signIn();
  const { accessToken } = await ada.signIn();
  const userId = await idOf(app, ada);
  await ada.updateProfile(accessToken, { firstName: 'Ada' });
  const codes = ada.codes().length;
  await ada.forgotPassword();
  await ada.resetPassword(await ada.code(codes + 1), 'amber-compass-91');
  await ada.logout({ refreshToken: (await ada.signIn()).refreshToken });
  await admin.disableUser(userId);
  await admin.change(DeleteUserDocument, { id: userId, email: ada.email });
  const about = () => receiver.received.filter(({ message: { data } }) => data.user_id === userId);
  // An attempt that an overloaded PostgreSQL interrupts is repeated after its lease of 30 s.
  await app.eventually(() => about().length >= 13, 45);
  expect(about().map(({ message }) => message.type)).toContain('user.deleted');
  const dataOf = (type: string) =>
    about().flatMap(({ message }) => (message.type === type ? [message.data] : []));
  expect(dataOf('user.created')).toHaveLength(1);
  expect(dataOf('user.updated')).toHaveLength(1);
  expect(dataOf('user.deleted')).toEqual([{ user_id: userId }]);
  expect(dataOf('password.changed')).toEqual([{ user_id: userId, reason: 'password_reset' }]);
  const ends = dataOf('session.ended').map(({ reason, session_id: id }) => [reason, id !== null]);
  expect(new Set(ends.map(String))).toEqual(
    new Set(
      [
        ['password_reset', false],
        ['logout', true],
        ['user_disabled', false],
        ['user_deleted', false],
      ].map(String),
    ),
  );
  expect(dataOf('audit.USER_DISABLED')[0]).toMatchObject({ event: 'USER_DISABLED' });
  const ids = receiver.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id.includes('.'))).toEqual([]);
});

it('sends the same id and a new signature at each retry, until it is accepted', async () => {
  const receiver = await startReceiver();
  const answers = [500, 302, 404];
  receiver.answer = (response) => {
    const status = answers.shift() ?? 200;
    response.writeHead(status, { location: receiver.url }).end('secret of the receiver');
  };
  const { admin, id, secret } = await webhook(['audit.OTP_VERIFIED'], receiver);
  await new Person(app).signIn();
  for (const [index, status] of [500, 302, 404].entries()) {
    const [delivery] = await app.eventually(async () => {
      const found = await deliveriesOf(admin, id, 'PENDING');
      return found[0]?.lastError === `HTTP ${status}` && found;
    });
    expect(delivery).toMatchObject({ attempts: index + 1, dueAt: expect.any(String) });
    expect(receiver.received).toHaveLength(index + 1);
    await app.sql('update webhook_deliveries set due_at = now() where webhook_id = ?', [id]);
  }
  expect((await admin.run(WebhooksDocument, {})).data?.webhooks?.[0]?.failingSince).toBeTruthy();
  await app.eventually(async () => (await deliveriesOf(admin, id, 'DELIVERED')).length === 1);
  expect(new Set(receiver.received.map((each) => each.id)).size).toBe(1);
  expect(receiver.received.every((each) => each.isSignedWith(secret))).toBe(true);
  const signatures = receiver.received.map(({ headers }) => headers['webhook-signature']);
  expect(new Set(signatures).size).toBeGreaterThan(1);
  expect((await admin.run(WebhooksDocument, {})).data?.webhooks?.[0]?.failingSince).toBeNull();
  expect(app.logLines.join()).not.toContain('secret of the receiver');
  expect(app.logLines.join()).not.toContain('key=1');
});

it('signs with both secrets for 24 hours after a rotation', async () => {
  const { admin, receiver, id, secret } = await webhook(['session.created']);
  const { data } = await admin.change(RotateWebhookSecretDocument, { id });
  const next = data?.rotateWebhookSecret.secret ?? '';
  expect(next).not.toBe(secret);
  const latest = async (count: number) => {
    await new Person(app).signIn();
    const [last] = (await arrived(receiver, count)).slice(-1);
    return [secret, next].map((each) => last?.isSignedWith(each));
  };
  expect(await latest(1)).toEqual([true, true]);
  const left = 'extract(epoch from previous_until - now())::float8 / 3600 as hours';
  const [row] = await app.sql<{ hours: number }>(`select ${left} from webhooks where id = ?`, [id]);
  expect(row?.hours).toBeGreaterThan(23.9);
  expect(row?.hours).toBeLessThanOrEqual(24);
  await app.sql("update webhooks set previous_until = now() - interval '1 s' where id = ?", [id]);
  expect(await latest(2)).toEqual([false, true]);
});

it('signs with the new secret alone if the previous one cannot be decrypted', async () => {
  const { admin, receiver, id } = await webhook(['session.created']);
  await app.sql("update webhooks set sealed_secret = 'of another SECRET_KEY' where id = ?", [id]);
  await new Person(app).signIn();
  await app.eventually(
    async () => (await deliveriesOf(admin, id))[0]?.lastError === 'SECRET_UNREADABLE',
  );
  const { data } = await admin.change(RotateWebhookSecretDocument, { id });
  const next = data?.rotateWebhookSecret.secret ?? '';
  await app.sql('update webhook_deliveries set due_at = now() where webhook_id = ?', [id]);
  const [message] = await arrived(receiver);
  expect(message?.isSignedWith(next)).toBe(true);
  expect(message?.headers['webhook-signature']).not.toContain(' ');
  expect(app.logLines.join()).toContain('webhook-secret-unreadable');
});

it('sets a message aside after three days, lists it, and sends it again', async () => {
  const receiver = await startReceiver();
  receiver.answer = (response) => response.writeHead(503).end();
  const { admin, id } = await webhook(['session.created'], receiver);
  await new Person(app).signIn();
  const [pending] = await app.eventually(async () => {
    const found = await deliveriesOf(admin, id, 'PENDING');
    return Boolean(found[0]?.lastError) && found;
  });
  const span = 'extract(epoch from retry_until - created_at)::int / 86400 as days';
  const rows = await app.sql(`select ${span} from webhook_deliveries where id = ?`, [pending?.id]);
  expect(rows).toEqual([{ days: 3 }]);
  const again = () => admin.change(RedeliverDocument, { id: pending?.id });
  expect((await again()).errors[0]?.extensions.fields).toEqual({
    id: ['The delivery has not ended. It is retried by itself.'],
  });
  await app.sql(
    'update webhook_deliveries set due_at = now(), retry_until = now() where webhook_id = ?',
    [id],
  );
  const [failed] = await app.eventually(async () => {
    const found = await deliveriesOf(admin, id, 'FAILED');
    return found.length > 0 && found;
  });
  expect(failed).toMatchObject({ id: pending?.id, attempts: 2, lastError: 'HTTP 503' });
  expect(failed?.dueAt).toBeNull();
  receiver.answer = (response) => response.writeHead(200).end();
  expect((await again()).data?.redeliver).toMatchObject({ status: 'PENDING', attempts: 0 });
  await app.eventually(async () => (await deliveriesOf(admin, id, 'DELIVERED')).length === 1);
  expect(new Set(receiver.received.map((each) => each.id))).toEqual(new Set([failed?.messageId]));
  expect((await eventsOf(id)).at(-1)).toMatchObject({
    event: 'WEBHOOK_REDELIVERED',
    metadata: { delivery: failed?.id },
  });
});

it('switches off a webhook that has failed for three days, and mails each administrator', async () => {
  const receiver = await startReceiver();
  receiver.answer = (response) => response.destroy();
  const { admin, id } = await webhook(['session.created'], receiver);
  await new Person(app).signIn();
  const state = async () => {
    const { data } = await admin.run(WebhooksDocument, {});
    return data?.webhooks?.find((each) => each.id === id);
  };
  await app.eventually(async () => (await state())?.failingSince);
  const failFor = (time: string) =>
    app.sql(`update webhooks set failing_since = now() - interval '${time}' where id = ?`, [id]);
  await failFor('71 hours');
  await runJob('switch-off-webhooks');
  expect((await state())?.disabledAt).toBeNull();
  await failFor('3 days');
  await Promise.all([runJob('switch-off-webhooks'), runJob('switch-off-webhooks')]);
  expect((await state())?.disabledAt).toBeTruthy();
  await app.mailsDelivered();
  const mails = await app.eventually(() => {
    const found = admin.mails().filter((mail) => mail.includes('A webhook was switched off'));
    return found.length > 0 && found;
  });
  expect(mails).toHaveLength(1);
  expect((await eventsOf(id)).filter(({ event }) => event === 'WEBHOOK_SWITCHED_OFF')).toHaveLength(
    1,
  );
  // What waits is sent when it is on again, or set aside in time.
  const [waiting] = await deliveriesOf(admin, id, 'PENDING');
  await app.sql('update webhook_deliveries set retry_until = now() where webhook_id = ?', [id]);
  await runJob('switch-off-webhooks');
  expect((await deliveriesOf(admin, id, 'FAILED'))[0]?.id).toBe(waiting?.id);
  const repeat = () => admin.change(RedeliverDocument, { id: waiting?.id });
  expect((await repeat()).errors[0]?.extensions.fields).toEqual({
    id: ['The webhook is switched off. First switch it on.'],
  });
  receiver.answer = (response) => response.writeHead(200).end();
  const { data } = await admin.change(UpdateWebhookDocument, { id, enabled: true });
  expect(data?.updateWebhook).toMatchObject({ disabledAt: null, failingSince: null });
  expect((await repeat()).code).toBeUndefined();
  await app.eventually(async () => (await deliveriesOf(admin, id, 'DELIVERED')).length === 1);
});

it('delivers to other webhooks, and mails and audit events, while one is slow', async () => {
  const slow = await startReceiver();
  slow.answer = () => undefined;
  const { id } = await webhook(['session.created', 'audit.OTP_REQUESTED'], slow);
  const { receiver } = await webhook(['session.created']);
  const people = Array.from({ length: 6 }, () => new Person(app));
  for (const person of people) await person.signIn();
  await arrived(receiver, 6);
  await app.auditWritten();
  expect(slow.received).toHaveLength(4);
  await app.sql('update webhooks set disabled_at = now() where id = ?', [id]);
});

it('sends nothing to a deleted webhook, and deletes its secrets at once and its deliveries later', async () => {
  const { admin, receiver, id } = await webhook(['session.created', 'audit.WEBHOOK_DELETED']);
  expect((await admin.change(DeleteWebhookDocument, { id })).code).toBeUndefined();
  await new Person(app).signIn();
  await app.auditWritten();
  expect(await app.sql('select from webhook_deliveries where webhook_id = ?', [id])).toEqual([]);
  expect(receiver.received).toEqual([]);
  expect(await app.sql('select * from webhooks where id = ?', [id])).toMatchObject([
    { url: '', sealed_secret: null, sealed_previous_secret: null },
  ]);
  await insertDelivery(app, id);
  await app.sql("update webhooks set deleted_at = now() - interval '2 h' where id = ?", [id]);
  await runJob('delete-webhooks');
  expect(await app.sql('select from webhooks where id = ?', [id])).toEqual([]);
  for (const document of [UpdateWebhookDocument, RotateWebhookSecretDocument]) {
    expect((await admin.change<unknown>(document as never, { id })).code).toBe('NOT_FOUND');
  }
  expect((await admin.change(DeleteWebhookDocument, { id })).code).toBe('NOT_FOUND');
  expect((await admin.run(WebhookDeliveriesDocument, { webhookId: id })).code).toBe('NOT_FOUND');
});
