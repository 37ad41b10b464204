import { decodeJwt } from 'jose';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  DeleteMyAccountDocument,
  DeleteUserDocument,
  RevokeUserSessionsDocument,
} from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { Machine, stepUp } from './support/api-key.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { LOCK_WAITS } from './support/lock-waits.ts';
import { parseMetrics } from './support/metrics.ts';
import { startSecondServer } from './support/second-server.ts';
import {
  endOf,
  eventsOf,
  SUBSCRIPTION,
  type Subscription,
  subscribe,
} from './support/subscription.ts';

const narrow = useApp({ LIMIT_CONNECTIONS: '6' });
const app = useApp({ LIMIT_STREAMS: '6', LIMIT_CLIENT_STREAMS: '3', LIMIT_ACCOUNT_STREAMS: '2' });

/** The longest time in which a device learns of the end of its session. */
const SECOND = 1000;

async function signedIn(on: Pick<typeof app, 'url'> = app) {
  const ada = new Person(app);
  const tokens = await ada.signUp();
  const { sid } = decodeJwt(tokens.accessToken);
  const stream = await subscribe(on, tokens.accessToken, ada);
  return { ada, tokens, sid: String(sid), stream, id: await idOf(app, ada) };
}

type SignedIn = Awaited<ReturnType<typeof signedIn>>;

/** Waits for the end of a stream. @returns milliseconds */
async function ends({ ended }: Subscription): Promise<number> {
  const start = performance.now();
  await ended;
  return performance.now() - start;
}

const asAdmin = async (work: (admin: Administrator) => Promise<unknown>) =>
  work(await Administrator.create(app));

/** Everything that ends the session of a device, from elsewhere. */
const causes: Record<string, (owner: SignedIn) => Promise<unknown>> = {
  logout: ({ ada, tokens: { refreshToken } }) => ada.logout({ refreshToken }),
  revokeSession: async ({ ada, sid }) => ada.revokeSession((await ada.signIn()).accessToken, sid),
  revokeOtherSessions: async ({ ada }) => ada.revokeOtherSessions((await ada.signIn()).accessToken),
  changePassword: async ({ ada }) =>
    ada.changePassword((await ada.signIn()).accessToken, {
      currentPassword: PASSWORD,
      newPassword: 'amber-compass-91',
    }),
  resetPassword: async ({ ada }) => {
    const { data } = await ada.forgotPassword();
    const code = await ada.code(2);
    return ada.resetPassword(code, 'amber-compass-91', data?.forgotPassword.challengeId);
  },
  'a reused refresh token': async ({ ada, tokens: { refreshToken } }) => {
    const { data } = await ada.refresh(refreshToken);
    await ada.refresh(data?.refreshTokens.refreshToken ?? '');
    return ada.refresh(refreshToken);
  },
  deleteMyAccount: async ({ ada, tokens: { accessToken: token } }) => {
    await stepUp(app, ada);
    return app.run(DeleteMyAccountDocument, {}, { token, from: ada.from });
  },
  disableUser: ({ id }) => asAdmin((admin) => admin.disableUser(id)),
  revokeUserSessions: ({ id }) =>
    asAdmin((admin) => admin.change(RevokeUserSessionsDocument, { id })),
  deleteUser: ({ id, ada: { email } }) =>
    asAdmin((admin) => admin.change(DeleteUserDocument, { id, email })),
  'a command': ({ ada }) => command(app, 'users', `disable ${ada.email}`),
  'sessions end-all': () => command(app, 'sessions', 'end-all --yes'),
};

it.each(Object.entries(causes))(
  'tells a device within a second that its session has ended by %s',
  async (_name, end) => {
    const owner = await signedIn();
    expect(owner.stream.status).toBe(200);
    await end(owner);
    expect(await ends(owner.stream)).toBeLessThan(SECOND);
    expect(eventsOf(owner.stream)).toEqual(endOf(owner.sid));
    expect(owner.stream.text()).not.toMatch(/eyJ|@/);
  },
);

it('tells devices at every server, and no other device', async () => {
  const other = await startSecondServer(app);
  const [ada, bob] = [await signedIn(other), await signedIn(other)];
  await ada.ada.logout(ada.tokens);
  await ends(ada.stream);
  expect(eventsOf(ada.stream)).toEqual(endOf(ada.sid));
  expect(eventsOf(bob.stream)).toEqual([]);
  expect(other.runtime.sessionStreams.size).toBe(1);
});

it('sends heartbeats, and headers that keep caches and proxies from holding events back', async () => {
  const { stream } = await signedIn();
  await expect.poll(stream.text).toMatch(/^:\n\n:\n\n/);
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  expect(stream.headers).not.toHaveProperty('content-encoding');
});

it('rejects whoever has no valid access token, and keeps nothing open', async () => {
  const { ada, tokens } = await signedIn();
  const machine = await Machine.with(app, 'WRITE');
  await ada.logout(tokens);
  for (const token of ['', 'eyJ', tokens.accessToken, machine.token]) {
    const stream = await subscribe(app, token);
    await stream.ended;
    const [next, ...rest] = eventsOf(stream);
    expect(JSON.parse(next?.[1] ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(rest).toEqual([['complete', '']]);
  }
  await expect.poll(() => app.runtime.sessionStreams.size).toBe(0);
});

it('completes without an event when the access token expires', async () => {
  const { stream } = await signedIn();
  app.clock.advance({ seconds: 890 });
  const longer = await signedIn();
  app.clock.advance({ seconds: 10 });
  expect(await ends(stream)).toBeLessThan(SECOND);
  expect(eventsOf(stream)).toEqual([['complete', '']]);
  expect(eventsOf(longer.stream)).toEqual([]);
});

it('bounds the streams of an account, a client and a process, until a client leaves', async () => {
  const codeOf = async (stream: Subscription) => {
    await stream.ended;
    return JSON.parse(eventsOf(stream)[0]?.[1] ?? '').errors[0].extensions;
  };
  const ada = await signedIn();
  const { accessToken } = ada.tokens;
  await subscribe(app, accessToken);
  const limited = { code: 'RATE_LIMITED', retryAfter: 60 };
  expect(await codeOf(await subscribe(app, accessToken))).toEqual(limited);

  const [bob, eve] = [await signedIn(), await signedIn()];
  const from = '127.9.9.9';
  await subscribe(app, bob.tokens.accessToken, { from });
  await subscribe(app, eve.tokens.accessToken, { from });
  const late = new Person(app);
  const token = (await late.signUp()).accessToken;
  const busy = { code: 'UNAVAILABLE', retryAfter: 60 };
  expect(await codeOf(await subscribe(app, token))).toEqual(busy);
  ada.stream.leave();
  await expect.poll(() => app.runtime.sessionStreams.size).toBe(5);
  await subscribe(app, token, { from });
  bob.stream.leave();
  await expect.poll(() => app.runtime.sessionStreams.size).toBe(5);
  const other = (await new Person(app).signUp()).accessToken;
  expect(await codeOf(await subscribe(app, other, { from }))).toEqual(limited);
});

it('leaves half of the connections to other requests, whatever LIMIT_STREAMS is', async () => {
  const streams: Subscription[] = [];
  for (const _ of Array(4)) {
    const { accessToken } = await new Person(narrow).signUp();
    streams.push(await subscribe(narrow, accessToken));
  }
  await streams[3]?.ended;
  expect(eventsOf(streams[3] as Subscription)[0]?.[1]).toContain('"UNAVAILABLE"');
  expect(narrow.runtime.sessionStreams.size).toBe(3);
  expect((await narrow.fetch('/healthz')).status).toBe(200);
});

it('runs nothing whose kind of response the client does not accept', async () => {
  const { ada, tokens } = await signedIn();
  const query = `mutation { logout(input: { refreshToken: "${tokens.refreshToken}" }) { detail } }`;
  const mutation = await subscribe(app, '', { query });
  const accepts = ['application/json', 'text/event-stream;charset=latin1'];
  const others = accepts.map((accept) => subscribe(app, tokens.accessToken, { accept }));
  for (const answer of [mutation, ...(await Promise.all(others))]) {
    await answer.ended;
    expect(answer.status).toBe(406);
    expect(JSON.parse(answer.text()).errors[0].extensions).toEqual({ code: 'BAD_REQUEST' });
  }
  expect((await ada.me(tokens.accessToken)).errors).toEqual([]);
  await expect.poll(() => app.runtime.sessionStreams.size).toBe(1);
});

it('keeps nothing open for a client that leaves before the response', async () => {
  const { accessToken } = await new Person(app).signUp();
  const open = vi.spyOn(app.runtime.sessionStreams, 'open');
  onTestFinished(() => open.mockRestore());
  await app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('lock table sessions in access exclusive mode');
    const early = new AbortController();
    const asked = fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
      body: JSON.stringify({ query: SUBSCRIPTION }),
      signal: early.signal,
    });
    await app.eventually(async () => (await app.sql<{ waiting: number }>(LOCK_WAITS))[0]?.waiting);
    early.abort();
    await expect(asked).rejects.toThrow('aborted');
    await app.eventually(() => app.logLines.at(-1)?.includes('ABORTED'));
  });
  await expect.poll(() => open.mock.calls.length).toBe(1);
  await expect.poll(() => app.runtime.sessionStreams.size).toBe(0);
});

it('goes on without Redis', async () => {
  const owner = await signedIn();
  app.runtime.redis.disconnect();
  app.runtime.queueRedis.disconnect();
  expect((await owner.ada.logout(owner.tokens)).errors).toEqual([]);
  await ends(owner.stream);
  expect(eventsOf(owner.stream)).toEqual(endOf(owner.sid));
  await Promise.all([app.runtime.redis.connect(), app.runtime.queueRedis.connect()]);
});

it('counts streams, but no seconds of their requests', async () => {
  const { ada, stream, tokens } = await signedIn();
  const read = async () => parseMetrics((await app.fetch('/metrics')).text);
  expect((await read()).get('gatehouse_session_subscriptions')).toBe(1);
  await ada.logout(tokens);
  await stream.ended;
  const figures = await read();
  const labels = 'operation="subscription sessionEnded"';
  expect(figures.get('gatehouse_session_subscriptions')).toBe(0);
  expect(figures.get(`gatehouse_requests_total{${labels},outcome="OK"}`)).toBeGreaterThan(0);
  expect([...figures.keys()].filter((key) => /_seconds/.test(key) && key.includes(labels))).toEqual(
    [],
  );
});
