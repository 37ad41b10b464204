import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const app = useApp({ QUEUE_REDIS_URL: 'redis://127.0.0.1:1/0' });

it('sends mails and writes audit events within 3 s without a queue', async () => {
  const ada = new Person(app);
  const began = Date.now();
  await ada.requestOtp();
  const { data } = await ada.verifyOtp(await ada.code());
  expect(data?.verifyOtp).toBeTruthy();
  expect(Date.now() - began).toBeLessThan(3000);

  await app.eventually(async () => (await ada.events()).length === 2);
  expect(Date.now() - began).toBeLessThan(6000);
  expect((await app.fetch('/readyz')).status).toBe(200);
});
