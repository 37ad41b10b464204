import { expect, it } from 'vitest';
import { createClient, type GatehouseClient, type Result } from '../../client/src/client.ts';
import { createSignIn } from '../../client/src/sign-in.ts';
import { useApp } from '../support/app.ts';
import { OWN } from '../support/cookie-client.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { trusting } from '../support/trusted-browser.ts';

const app = useApp(trusting);

/** Does what a browser does for a page of the service: keeps its cookies, and names the origin. */
function browserFetch(): typeof fetch {
  const cookies = new Map<string, string>();
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set('origin', OWN);
    const isKept = init?.credentials === 'include';
    if (isKept) headers.set('cookie', Array.from(cookies, (pair) => pair.join('=')).join('; '));
    const response = await fetch(url, { ...init, headers });
    for (const text of isKept ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    return response;
  };
}

function dataOf<Data>(result: Result<Data>): Data {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.data;
}

/** Signs in with a mailed code. @returns the sign-in, which may wait for a factor */
async function signIn(client: GatehouseClient, ada: FactorOwner) {
  const attempt = createSignIn(client);
  await app.mailsDelivered();
  const before = ada.codes().length;
  await attempt.sendCode(ada.email);
  await attempt.submitCode(await ada.code(before + 1));
  return attempt;
}

it('trusts a browser in cookie mode, lists it, and removes it', async () => {
  const ada = await FactorOwner.enrolled(app);
  const client = createClient({ url: app.url, cookie: true, fetch: browserFetch() });
  const first = await signIn(client, ada);
  expect(first.getState().step).toBe('factor');
  await first.submitFactor({ totp: ada.totp(), trustDevice: true });
  expect(first.getState().step).toBe('done');
  const [device, ...others] = dataOf(await client.trustedDevices());
  expect([device?.current, others]).toEqual([true, []]);
  dataOf(await client.logout());

  expect((await signIn(client, ada)).getState().step).toBe('done');
  dataOf(await client.removeTrustedDevice({ id: device?.id ?? '' }));
  expect(dataOf(await client.trustedDevices())).toEqual([]);
  dataOf(await client.logout());
  expect((await signIn(client, ada)).getState().step).toBe('factor');
});

it('is told that only a browser in cookie mode can be trusted', async () => {
  const ada = await FactorOwner.enrolled(app);
  const client = createClient({ url: app.url });
  const attempt = await signIn(client, ada);
  await attempt.submitFactor({ totp: ada.totp(), trustDevice: true });
  expect(attempt.getState()).toMatchObject({
    step: 'factor',
    error: { code: 'BAD_USER_INPUT', fields: { trustDevice: [expect.any(String)] } },
  });
});
