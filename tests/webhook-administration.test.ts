import { expect, it } from 'vitest';
import {
  CreateWebhookDocument,
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  UpdateWebhookDocument,
  WebhooksDocument,
} from '../client/generated/graphql.ts';
import { Administrator } from './support/administrator.ts';
import { Machine, steppedUpAdministrator } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { startReceiver } from './support/receiver.ts';
import { rest } from './support/rest.ts';
import { webhookEvents } from './support/webhook.ts';

const app = useApp({ LIMIT_ADMIN: '1000/60' });

it('requires a step-up of a person, and a key with the scope WRITE of a machine', async () => {
  const admin = await Administrator.create(app);
  const input = { url: 'https://example.com/hook', events: ['user.created'] };
  expect((await admin.change(CreateWebhookDocument, input)).code).toBe('STEP_UP_REQUIRED');
  const writer = await Machine.with(app, 'WRITE');
  const { data } = await writer.change(CreateWebhookDocument, input);
  const id = data?.createWebhook.id;
  for (const document of [UpdateWebhookDocument, RotateWebhookSecretDocument]) {
    expect((await admin.change<unknown>(document as never, { id })).code).toBe('STEP_UP_REQUIRED');
    expect((await writer.change<unknown>(document as never, { id })).code).toBeUndefined();
  }
  expect((await admin.change(DeleteWebhookDocument, { id })).code).toBe('STEP_UP_REQUIRED');
  const reader = await Machine.with(app, 'READ');
  expect((await reader.run(WebhooksDocument, {})).code).toBeUndefined();
  expect((await reader.change(DeleteWebhookDocument, { id })).code).toBe('FORBIDDEN');
  const listed = await rest(app, 'GET', `/admin/webhooks/${id}/deliveries`, undefined, reader);
  expect(listed.body).toEqual({ next: null, results: expect.any(Array) });
  const person = new Person(app);
  const { accessToken: token } = await person.signIn();
  const refused = await rest(app, 'GET', '/admin/webhooks', undefined, { token });
  expect(refused.status).toBe(403);
  expect((await writer.change(DeleteWebhookDocument, { id })).code).toBeUndefined();
  expect((await webhookEvents(app, id ?? '')).map(({ metadata }) => metadata.by)).toEqual(
    Array(4).fill(`api-key:${writer.id}`),
  );
});

it('rejects bad input', async () => {
  const admin = await steppedUpAdministrator(app);
  const fieldsOf = async (input: object) => {
    const given = { url: 'https://example.com/', events: ['user.created'], ...input };
    return (await admin.change(CreateWebhookDocument, given)).errors[0]?.extensions.fields;
  };
  for (const [url, message] of [
    ['ftp://example.com/', 'Enter an https:// URL.'],
    ['https://ada:x@example.com/', 'Remove user and password from the URL.'],
    ['https://example.com/#a', 'Remove the fragment from the URL.'],
    ['http://8.8.8.8/', 'The URL must lead to a public address.'],
    ['https://169.254.169.254/', 'The URL must lead to a public address.'],
    ['https://[::ffff:8.8.8.8]/', 'The URL must lead to a public address.'],
    ['https://0/', 'The URL must lead to a public address.'],
    ['hook', 'Enter a URL of at most 2000 characters.'],
    [`https://example.com/${'x'.repeat(2000)}`, 'Enter a URL of at most 2000 characters.'],
  ]) {
    expect(await fieldsOf({ url }), url).toEqual({ url: [message] });
  }
  for (const events of [[], ['user.created', 'user.created'], ['user.*'], ['audit.login_failed']]) {
    expect(await fieldsOf({ events })).toEqual({
      events: ['Enter types of events such as user.created or audit.LOGIN_SUCCEEDED, each once.'],
    });
  }
  expect(await fieldsOf({ description: 'a\0' })).toHaveProperty('description');
  await app.sql(
    `insert into webhooks (id, url, description, events, created_at)
     select gen_random_uuid(), 'https://example.com/', 'many', '{}', now()
     from generate_series(1, 50)`,
  );
  expect(await fieldsOf({})).toEqual({ '': ['There are 50 webhooks. First delete one.'] });
  await app.sql("delete from webhooks where description = 'many'");
});

it('keeps a URL as it is used, so that a list shows the host that gets the messages', async () => {
  const admin = await steppedUpAdministrator(app);
  for (const [url, kept] of [
    ['HTTPS://Example.COM', 'https://example.com/'],
    ['https:///example.com/a', 'https://example.com/a'],
    ['https://example.com\\@example.org/', 'https://example.com/@example.org/'],
    ['https://example.com/\u202egro', 'https://example.com/%E2%80%AEgro'],
    ['https://\uff45xample.com/', 'https://example.com/'],
    ['https://ex\u0430mple.com/', 'https://xn--exmple-4nf.com/'],
  ]) {
    const { data } = await admin.change(CreateWebhookDocument, { url, events: ['user.created'] });
    expect(data?.createWebhook.url).toBe(kept);
    const id = data?.createWebhook.id;
    const changed = await admin.change(UpdateWebhookDocument, { id, url });
    expect(changed.data?.updateWebhook.url).toBe(kept);
    await admin.change(DeleteWebhookDocument, { id });
  }
});

it('has the same on the command line', async () => {
  const receiver = await startReceiver();
  const words = `create ${receiver.url} session.created audit.LOGGED_OUT --description crm --json`;
  const { code, output } = await command(app, 'webhooks', words);
  const { id, secret } = JSON.parse(output);
  expect(code).toBe(0);
  await new Person(app).signIn();
  await app.eventually(() => receiver.received.length > 0);
  const [message] = receiver.received;
  expect(message?.isSignedWith(secret)).toBe(true);
  const list = await command(app, 'webhooks', 'list');
  expect(list.output).toMatch(new RegExp(`^${id} +on +http://localhost\\S+ +session`, 'm'));
  expect(list.output).not.toContain(secret);
  const deliveries = await app.eventually(async () => {
    const found = await command(app, 'webhooks', `deliveries ${id} --status DELIVERED`);
    return /DELIVERED/.test(found.output) && found.output;
  });
  const [delivery] = /^[\da-f-]{36}/m.exec(deliveries) ?? [];
  expect((await command(app, 'webhooks', `redeliver ${delivery}`)).code).toBe(0);
  await app.eventually(() => receiver.received.length > 1);
  const rotated = await command(app, 'webhooks', `rotate-secret ${id}`);
  expect(rotated.output).toMatch(/^whsec_/);
  expect((await command(app, 'webhooks', `update ${id} --off`)).output).toBe(`Changed ${id}.\n`);
  expect((await command(app, 'webhooks', 'list')).output).toMatch(/off since/);
  expect((await command(app, 'webhooks', `delete ${id}`)).code).toBe(0);
  expect((await command(app, 'webhooks', `deliveries ${id}`)).output).toBe(
    'Webhook not found. List the webhooks to find the right ID.\n',
  );
  expect((await command(app, 'webhooks', 'create ftp://x user.created')).code).not.toBe(0);
});
