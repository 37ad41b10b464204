import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { rest } from '../support/rest.ts';

const PUBLIC_URL = 'https://auth.example.com';
const app = useApp({ PUBLIC_URL: `${PUBLIC_URL}/` });

it('builds every link from PUBLIC_URL if it is set, whatever the requested host', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  await ada.updateProfile(token, { firstName: 'Ada' });
  await app.eventually(async () => (await ada.events()).length >= 3);
  const headers = { host: 'evil.test' };

  const list = await rest(app, 'GET', '/audit/logs?page_size=1', undefined, { token, headers });
  expect(list.body.next).toBe(`${PUBLIC_URL}/api/v1/audit/logs?page=2&page_size=1`);
  const refused = await rest(app, 'GET', '/auth/me', undefined, { headers });
  expect(refused.body.type).toBe(`${PUBLIC_URL}/problems/unauthenticated`);
});
