import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createReceiver, type Message } from '../examples/webhooks/receiver.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { request } from './support/request.ts';

const app = useApp();

it('receives each message once, and rejects wrong signatures', async () => {
  const handled = new Map<string, Message>();
  const repeated: string[] = [];
  let secret = `whsec_${'A'.repeat(43)}=`;
  const handleOnce = async (id: string, message: Message) => {
    if (handled.has(id)) repeated.push(id);
    const isNew = !handled.has(id);
    handled.set(id, message);
    return isNew;
  };
  const start = async (port: number) => {
    const server = createReceiver({ secret, handleOnce }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const first = await start(0);
  const { port } = first.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const created = await command(app, 'webhooks', `create ${url} session.created --json`);
  const webhook = JSON.parse(created.output);
  // With another secret, it accepts nothing.
  const ada = new Person(app);
  await ada.signIn();
  const lastError = () =>
    app.sql<{ error: string }>('select last_error as error from webhook_deliveries');
  await app.eventually(async () => (await lastError())[0]?.error === 'HTTP 400');
  expect(handled.size).toBe(0);
  first.close();
  secret = webhook.secret;
  const second = await start(port);
  onTestFinished(() => void second.close());
  await app.sql('update webhook_deliveries set due_at = now()');
  const [id] = await app.eventually(() => handled.size > 0 && [...handled.keys()]);
  expect(handled.get(id ?? '')).toMatchObject({ type: 'session.created' });
  const [delivery] = await app.eventually(async () => {
    const rows = await app.sql<{ id: string }>(
      "select id from webhook_deliveries where status = 'DELIVERED'",
    );
    return rows.length > 0 && rows;
  });
  await command(app, 'webhooks', `redeliver ${delivery?.id}`);
  expect(await app.eventually(() => repeated.length > 0 && repeated)).toEqual([id]);
  expect((await request(url, { method: 'GET' })).status).toBe(405);
  const headers = { 'content-type': 'application/json', 'content-length': '2' };
  expect((await request(url, { method: 'POST', headers, body: '{}' })).status).toBe(400);
});
