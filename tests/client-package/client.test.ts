import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import {
  type AuthEvent,
  createClient,
  type GatehouseClient,
  memoryStorage,
  type Result,
} from '../../client/src/client.ts';
import { publicOperations } from '../../client/src/operations.ts';
import { newAddress, useApp } from '../support/app.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';

const app = useApp({ LIMIT_CODE_REQUESTS: '1000/60', LIMIT_VERIFY_OTP: '1000/60' });
const proxy = new FaultProxy(() => app.url);
beforeAll(() => proxy.start());
afterAll(() => proxy.stop());
beforeEach(() => {
  proxy.operations.length = 0;
});

function dataOf<Data>(result: Result<Data>): Data {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.data;
}

/** A user at a client of the package. Several clients may share one storage, as tabs do. */
class Device {
  readonly person = new Person(app, newAddress(), '127.0.0.1');
  readonly storage = memoryStorage();
  readonly client = this.open();
  readonly events: AuthEvent[] = [];

  open(): GatehouseClient {
    return createClient({ url: proxy.url, storage: this.storage });
  }

  async signIn(): Promise<this> {
    const { email } = this.person;
    const { challengeId } = dataOf(await this.client.requestOtp({ email }));
    const otp = await this.person.code();
    dataOf(await this.client.verifyOtp({ email, otp, challengeId }));
    this.client.onAuthStateChange((_state, event) => this.events.push(event));
    return this;
  }

  kept(): { accessToken: string; refreshToken: string; expiresAt: number } {
    const text = this.storage.getItem('gatehouse');
    return JSON.parse(typeof text === 'string' ? text : 'null');
  }

  change(parts: Partial<ReturnType<Device['kept']>>): void {
    void this.storage.setItem('gatehouse', JSON.stringify({ ...this.kept(), ...parts }));
  }

  expire(): void {
    this.change({ expiresAt: 0 });
  }

  async auditNames(): Promise<string[]> {
    await app.auditWritten();
    return (await this.person.events()).map(({ event }) => event);
  }
}

it('signs in with a code, keeps the session, and signs out', async () => {
  const device = new Device();
  expect(device.client.getState()).toEqual({ status: 'loading' });
  await device.signIn();
  const { email } = device.person;
  expect(device.client.getState()).toMatchObject({ status: 'signed-in', user: { email } });
  expect(dataOf(await device.open().me())).toMatchObject({ email });

  dataOf(await device.client.updateProfile({ firstName: 'Ada' }));
  expect(device.client.getState().user?.firstName).toBe('Ada');
  expect(await device.client.getAccessToken()).toBe(device.kept().accessToken);
  const { refreshToken } = device.kept();
  dataOf(await device.client.logout());
  expect(device.client.getState()).toEqual({ status: 'signed-out' });
  expect(device.storage.getItem('gatehouse')).toBeUndefined();
  expect((await device.person.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect(await device.client.getAccessToken()).toBeUndefined();
  expect((await device.client.me()).error?.code).toBe('UNAUTHENTICATED');
  await Promise.resolve();
  expect(device.events).toEqual(['INITIAL', 'USER_UPDATED', 'SIGNED_OUT']);
});

it('has every operation of the schema, and sends a token with all that need one', () => {
  const { client } = new Device();
  const fieldsOf = (type = schema.getQueryType()) => Object.values(type?.getFields() ?? {});
  const fields = [...fieldsOf(), ...fieldsOf(schema.getMutationType())];
  expect(fields.length).toBeGreaterThan(20);
  expect(fields.filter(({ name }) => !(name in client)).map(({ name }) => name)).toEqual([]);
  const optionsOf = ({ extensions }: (typeof fields)[number]) =>
    extensions.pothosOptions as { skipTypeScopes?: boolean; authScopes?: object };
  const open = fields.filter(
    (field) => optionsOf(field).skipTypeScopes && !optionsOf(field).authScopes,
  );
  expect(open.map(({ name }) => name)).toEqual(expect.arrayContaining([...publicOperations]));
});

it('returns each refusal as an error with its code and details', async () => {
  const { client, person } = new Device();
  const { email } = person;
  const invalid = await client.login({ email: 'nobody', password: PASSWORD });
  if (invalid.error?.code !== 'BAD_USER_INPUT') throw new Error('expected invalid input');
  expect(invalid.error.fields).toEqual({ email: ['Enter a valid email address.'] });

  const { challengeId } = dataOf(await client.requestOtp({ email }));
  const otp = wrongCode(await person.code());
  const attempt = () => client.verifyOtp({ email, otp, challengeId });
  expect((await attempt()).error).toMatchObject({ code: 'INVALID_OTP' });
  await Promise.all(Array.from({ length: 5 }, attempt));
  const locked = await attempt();
  if (locked.error?.code !== 'LOCKED') throw new Error('expected to be locked');
  expect(locked.error.retryAfter).toBeGreaterThan(880);

  const device = await new Device().signIn();
  const refused = await device.client.exportMyData();
  if (refused.error?.code !== 'STEP_UP_REQUIRED') throw new Error('expected a step-up');
  expect(refused.error.proofs).toEqual(['CODE']);
});

it('returns NETWORK_ERROR for a lost response and for a page of a gateway', async () => {
  const device = await new Device().signIn();
  proxy.inject('Me', 'lose-response', 'bad-gateway', 'refuse');
  for (let i = 0; i < 3; i += 1) {
    expect((await device.client.me()).error?.code).toBe('NETWORK_ERROR');
  }
  expect(dataOf(await device.client.me()).email).toBe(device.person.email);
});

it('gives up a request after the timeout', async () => {
  const silent: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
    });
  const client = createClient({ url: 'http://gatehouse.example', fetch: silent, timeout: 10 });
  expect((await client.me()).error?.code).toBe('NETWORK_ERROR');
});

it.each([
  ['before the access token expires', () => ({ expiresAt: Date.now() + 30_000 })],
  ['after it has expired', () => ({ expiresAt: 0 })],
  ['when the service rejects it', () => ({ accessToken: 'too old' })],
])('refreshes once for ten requests %s', async (_when, change) => {
  const device = await new Device().signIn();
  const { refreshToken } = device.kept();
  device.change(change());
  const results = await Promise.all(Array.from({ length: 10 }, () => device.client.me()));
  expect(results.filter(({ ok }) => ok)).toHaveLength(10);
  expect(proxy.count('RefreshTokens')).toBe(1);
  expect(device.kept().refreshToken).not.toBe(refreshToken);
  expect(device.events.at(-1)).toBe('TOKEN_REFRESHED');
});

it('stays signed in when responses to a refresh are lost', async () => {
  const device = await new Device().signIn();
  // The last one is lost after every retry: the next request presents the same token again.
  for (const losses of [1, 1, 2, 4]) {
    device.expire();
    proxy.inject('RefreshTokens', ...Array<'lose-response'>(losses).fill('lose-response'));
    const results = [await device.client.me(), await device.client.me(), await device.client.me()];
    expect(results.at(-1)?.ok).toBe(true);
    // Longer than the time in which the service repeats its response.
    app.clock.advance({ seconds: 20 });
  }
  expect(device.client.getState().status).toBe('signed-in');
  expect(await device.auditNames()).not.toContain('TOKEN_REUSED');
});

it('stays signed in while the service restarts, and uses a token that is still valid', async () => {
  const device = await new Device().signIn();
  proxy.stop();
  device.change({ expiresAt: Date.now() + 30_000 });
  expect(await device.client.getAccessToken()).toBe(device.kept().accessToken);
  device.expire();
  expect((await device.client.me()).error?.code).toBe('NETWORK_ERROR');
  expect(device.client.getState().status).toBe('signed-in');
  await proxy.start();
  expect((await device.client.me()).ok).toBe(true);
});

it('never spends a refresh token twice, though two tabs without locks share a storage', async () => {
  const device = await new Device().signIn();
  const tabs = [device.client, device.open(), device.open()];
  for (let round = 0; round < 5; round += 1) {
    device.expire();
    if (round % 2) proxy.inject('RefreshTokens', 'lose-response', 'refuse');
    const results = await Promise.all(tabs.map((tab) => tab.me()));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    app.clock.advance({ seconds: 20 });
  }
  expect(await device.auditNames()).not.toContain('TOKEN_REUSED');
});

it('reads the storage again before a refresh, so that an old read spends no old token', async () => {
  const device = await new Device().signIn();
  device.expire();
  const reads = [device.storage.getItem('gatehouse')];
  dataOf(await device.client.refreshTokens());
  dataOf(await device.client.refreshTokens());
  const getItem = (key: string) => reads.shift() ?? device.storage.getItem(key);
  const late = createClient({ url: proxy.url, storage: { ...device.storage, getItem } });
  expect((await late.me()).ok).toBe(true);
  expect(proxy.count('RefreshTokens')).toBe(2);
  expect(await device.auditNames()).not.toContain('TOKEN_REUSED');
});

it('signs out when the session has ended elsewhere, and keeps a logout during a refresh', async () => {
  const device = await new Device().signIn();
  await device.person.logout({ refreshToken: device.kept().refreshToken });
  expect((await device.client.me()).error?.code).toBe('UNAUTHENTICATED');
  expect(device.client.getState().status).toBe('signed-out');

  const other = await new Device().signIn();
  other.expire();
  const [me] = await Promise.all([other.client.me(), other.client.logout()]);
  expect(me.ok).toBe(false);
  expect(other.client.getState().status).toBe('signed-out');
  expect(other.storage.getItem('gatehouse')).toBeUndefined();
});

it('works without a storage that can be written', async () => {
  const device = new Device();
  const full = () => {
    throw new Error('full');
  };
  const client = createClient({
    url: proxy.url,
    storage: { getItem: () => null, setItem: full, removeItem: full },
  });
  const { email } = device.person;
  const { challengeId } = dataOf(await client.requestOtp({ email }));
  dataOf(await client.verifyOtp({ email, otp: await device.person.code(), challengeId }));
  expect((await client.me()).ok).toBe(true);
  dataOf(await client.refreshTokens());
  dataOf(await client.logout());
  expect(client.getState().status).toBe('signed-out');
});

it('runs documents of an application', async () => {
  const device = await new Device().signIn();
  const query = '{ me { id } sessions { current } }';
  const { me } = dataOf(await device.client.request<{ me: { id: string } }, object>(query, {}));
  expect(me.id).toBe(device.client.getState().user?.id);
});
