import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pairs } from './equivalence/mapping.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { TestApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';

/** Administration, step-up and the own account while a store fails. */
let stores: OwnStores;
let app: TestApp;

beforeAll(async () => {
  stores = await startMigratedStores();
  const urls = { DATABASE_URL: stores.postgres.url, REDIS_URL: stores.redis.url };
  app = new TestApp({ ...urls, LIMIT_EXPORT: '100/60' });
  await app.start();
});
afterAll(async () => {
  await app.stop();
  await stores.close();
});

/** Operations that work without Redis. The others respond UNAVAILABLE. */
const withoutRedis = [
  ...['users', 'user', 'createUser', 'setUserRole', 'setUserMetadata', 'disableUser'],
  ...['enableUser', 'revokeUserSessions', 'deleteUser', 'deleteMyAccount'],
];

type Ask = () => Promise<{ readonly code: unknown }>;

/** Prepares a subject for each operation. @returns the requests, each of which succeeds once */
async function prepare(): Promise<Readonly<Record<string, Ask>>> {
  const ada = await Administrator.create(app);
  const run =
    (name: keyof typeof pairs, { token, from }: { token: string; from: string }) =>
    (input?: object): ReturnType<Ask> =>
      app.graphql(pairs[name].document.toString(), input && { input }, { token, from });
  const someone = async () => {
    const person = new Person(app);
    const { accessToken } = await person.signUp();
    return { person, token: accessToken, from: person.from, id: await idOf(app, person) };
  };
  const people = await Promise.all(Array.from({ length: 12 }, someone));
  const next = () => people.pop() ?? Promise.reject(new Error('too few people'));
  const byAdmin = async (name: keyof typeof pairs, more: object = {}) => {
    const { id } = await next();
    return () => run(name, ada)({ id, ...more });
  };
  const disabled = await next();
  await ada.disableUser(disabled.id);
  const deleted = await next();
  const own = await next();
  const leaving = await next();
  for (const each of [own, leaving]) {
    await run('stepUp', each)({ password: PASSWORD });
  }
  const shown = await next();
  const created = new Person(app);
  return {
    users: () => ada.users({ first: 5 }),
    user: () => ada.user(shown.id),
    createUser: () => run('createUser', ada)({ email: created.email }),
    setUserRole: await byAdmin('setUserRole', { role: 'ADMIN' }),
    setUserMetadata: await byAdmin('setUserMetadata', { metadata: { plan: 'team' } }),
    disableUser: await byAdmin('disableUser'),
    enableUser: () => ada.enableUser(disabled.id),
    unlockUser: await byAdmin('unlockUser'),
    revokeUserSessions: await byAdmin('revokeUserSessions'),
    deleteUser: () => run('deleteUser', ada)({ id: deleted.id, email: deleted.person.email }),
    requestStepUp: () => run('requestStepUp', own)(),
    stepUp: () => run('stepUp', own)({ password: PASSWORD }),
    exportMyData: () => run('exportMyData', own)(),
    deleteMyAccount: () => run('deleteMyAccount', leaving)(),
  };
}

/** Events that each operation leaves once. */
const events = {
  USER_CREATED: 1,
  USER_DISABLED: 1,
  USER_ENABLED: 1,
  USER_UNLOCKED: 1,
  USER_DELETED: 2,
  ROLE_CHANGED: 1,
  SESSION_REVOKED: 1,
} as const;

/** Counts the events since the log was emptied. */
async function countEvents(): Promise<Record<string, number>> {
  await app.auditWritten();
  const rows = await app.sql<{ event: string; count: number }>(
    'select event, count(*)::int as count from audit_events where event = any(?) group by event',
    [`{${Object.keys(events).join(',')}}`],
  );
  return Object.fromEntries(rows.map(({ event, count }) => [event, count]));
}

const askAll = async (asked: readonly (readonly [string, Ask])[]) =>
  Promise.all(asked.map(async ([name, ask]) => [name, (await ask()).code] as const));

const isReady = async () => (await app.fetch('/readyz')).status === 200;

describe.each([
  ['postgres', 'kill'],
  ['postgres', 'freeze'],
  ['redis', 'kill'],
  ['redis', 'freeze'],
] as const)('with %s unavailable: %s', (name, how) => {
  it('does each operation at once or not at all, and records it once', {
    timeout: 60_000,
  }, async () => {
    const asked = await prepare();
    await app.auditWritten();
    await app.sql('delete from audit_events');
    const store = stores[name];
    const restore = how === 'kill' ? () => store.restart() : async () => store.thaw();
    let isDown = true;
    onTestFinished(() => (isDown ? restore() : undefined));
    await store[how]();

    const works = ([operation]: readonly [string, Ask]) =>
      name === 'redis' && withoutRedis.includes(operation);
    const working = Object.entries(asked).filter(works);
    const failing = Object.entries(asked).filter((each) => !works(each));
    const all = (some: typeof failing, code?: string) =>
      some.map(([operation]) => [operation, code]);
    const began = Date.now();
    // All at once: none may hold a lock or a connection while it waits for Redis.
    expect(await askAll([...working, ...failing])).toEqual([
      ...all(working),
      ...all(failing, 'UNAVAILABLE'),
    ]);
    expect(Date.now() - began).toBeLessThan(4000);

    await restore();
    isDown = false;
    await app.eventually(isReady, 20);
    expect(await askAll(failing)).toEqual(all(failing));
    expect(await countEvents()).toEqual(events);
  });
});

it('refuses a disabled user by the next request, also while Redis is unavailable', async () => {
  const ada = await Administrator.create(app);
  const ben = new Person(app);
  const { accessToken, refreshToken } = await ben.signIn();
  const id = await idOf(app, ben);
  await stores.redis.kill();
  try {
    expect((await ada.disableUser(id)).code).toBeUndefined();
    expect((await ben.me(accessToken)).code).toBe('UNAUTHENTICATED');
    expect((await ben.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  } finally {
    await stores.redis.restart();
  }
  await app.eventually(isReady, 20);
  await ben.requestOtp();
  await app.mailsDelivered();
  expect(ben.codes()).toHaveLength(1);
});
