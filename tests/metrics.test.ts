import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Metric, metrics } from '#src/ports/metrics.ts';
import { Machine } from './support/api-key.ts';
import { newClient, useApp } from './support/app.ts';
import { Person, wrongCode } from './support/flow.ts';
import { increases, parseMetrics, valuesOf } from './support/metrics.ts';
import { PasskeyFactorOwner } from './support/passkey-factor-owner.ts';
import { PasskeyOwner } from './support/passkeys.ts';
import { rest } from './support/rest.ts';
import { recordStatements } from './support/statements.ts';

const app = useApp({ LIMIT_REGISTER: '1/3600' });

const read = async () => parseMetrics((await app.fetch('/metrics')).text);
const readWorker = async () => parseMetrics(await app.readWorkerMetrics());

/** Expects what `work` adds to the counters of requests, limits and sessions. */
async function expectAdded(work: () => Promise<unknown>, expected: object): Promise<void> {
  const before = await read();
  await work();
  const wanted =
    /^gatehouse_(requests|limit_rejections|sessions_\w+|api_key_checks|passkey_uses)_total(?!.*"GET \/metrics")/;
  const added = async () => {
    const differences = Object.entries(increases(before, await read()));
    return Object.fromEntries(differences.filter(([name]) => wanted.test(name)));
  };
  await expect.poll(added).toMatchObject(expected);
}

const requests = (operation: string, outcome: string) =>
  `gatehouse_requests_total{operation="${operation}",outcome="${outcome}"}`;

it('shows depth, age and dead letters of the outbox, and asks PostgreSQL once in 5 s', async () => {
  const insert = `insert into outbox_entries (id, kind, payload, created_at, due_at, done_at, outcome)
    values (?, ?, '', now() - interval '1 h', now() + interval '1 h', ?, ?)`;
  for (const row of [['mail'], ['mail'], ['audit'], ['audit', new Date(), 'POISONED']]) {
    const [kind, doneAt = null, outcome = null] = row;
    await app.sql(insert, [randomUUID(), kind, doneAt, outcome]);
  }
  const { sent, stop } = await recordStatements(app.runtime);
  const figures = await read();
  await Promise.all(Array.from({ length: 20 }, read));
  stop();

  expect(Object.fromEntries(figures)).toMatchObject({
    'gatehouse_outbox_waiting{kind="mail"}': 2,
    'gatehouse_outbox_waiting{kind="audit"}': 1,
    'gatehouse_outbox_failed{kind="audit",outcome="DEAD_LETTER"}': 1,
    'gatehouse_outbox_failed{kind="mail",outcome="REFUSED"}': 0,
  });
  expect(figures.get('gatehouse_outbox_oldest_seconds{kind="mail"}')).toBeCloseTo(3600, -2);
  expect(figures.get('gatehouse_signing_key_age_seconds')).toBeLessThan(60);
  const counting = sent.filter(({ text }) => /count\(|as age/.test(text));
  expect(counting).toHaveLength(5);
  await app.sql('delete from outbox_entries');
});

it('counts requests by operation and outcome, under the names of the log', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  await expectAdded(
    async () => {
      await ada.me(token);
      await rest(app, 'GET', '/auth/me', undefined, { token });
      await rest(app, 'GET', '/auth/me');
      await app.graphql('{ me { id } sessions { id } }', {}, { token });
      await app.graphql('{ nothing }');
      await app.fetch('/.well-known/jwks.json');
      await app.fetch('/nowhere');
    },
    {
      [requests('query me', 'OK')]: 1,
      [requests('GET /api/v1/auth/me', 'OK')]: 1,
      [requests('GET /api/v1/auth/me', 'UNAUTHENTICATED')]: 1,
      [requests('query (several fields)', 'OK')]: 1,
      [requests('unknown', 'GRAPHQL_VALIDATION_FAILED')]: 1,
      [requests('GET /.well-known/jwks.json', 'OK')]: 1,
      [requests('unknown', 'NOT_FOUND')]: 1,
    },
  );
  const figures = await read();
  const count = figures.get('gatehouse_request_seconds_count{operation="query me"}');
  const last = 'gatehouse_request_seconds_bucket{operation="query me",le="+Inf"}';
  expect([count, figures.get(last)]).toEqual([1, 1]);
});

it('has few labels, and none that a client chose', async () => {
  const fields = ['me { id }', 'sessions { id }', '__typename', 'auditLogs { totalCount }'];
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  for (const first of fields) {
    for (const second of fields) {
      await app.graphql(`query Secret { a: ${first} b: ${second} }`, {}, { token });
    }
  }
  for (const method of ['PURGE', 'REPORT', 'SEARCH', 'PATCH', 'M-SEARCH']) {
    await app.fetch('/api/v1/auth/me', { method });
    await app.fetch(`/api/v1/auth/sessions/${ada.email}`, { method });
  }
  await app.graphql('mutation { a: logout { detail } b: revokeOtherSessions { detail } }');
  const { text } = await app.fetch('/metrics');
  const figures = parseMetrics(text);
  const operations = valuesOf(figures, 'operation');
  expect([...operations].filter((each) => / .* |PURGE|PATCH/.test(each))).toEqual([
    'query (several fields)',
    'mutation (several fields)',
  ]);
  for (const secret of [ada.email, ada.from, 'Secret', token]) expect(text).not.toContain(secret);
});

it('counts what a limit rejects, by its setting', async () => {
  const from = newClient();
  const [ada, bob] = [new Person(app, undefined, from), new Person(app, undefined, from)];
  const limit = (name: string) => `gatehouse_limit_rejections_total{limit="${name}"}`;
  expect((await read()).get(limit('LIMIT_WRONG_CODES'))).toBe(0);
  const register = async () => {
    await ada.register();
    await bob.register();
  };
  await expectAdded(register, { [limit('LIMIT_REGISTER')]: 1 });
  const code = await ada.code();
  const guess = async () => {
    for (let count = 0; count < 7; count += 1) await ada.verifyOtp(wrongCode(code));
  };
  await expectAdded(guess, { [limit('LIMIT_WRONG_CODES')]: 2 });
});

it('counts API keys that are accepted, refused and malformed, but no access tokens', async () => {
  const machine = await Machine.with(app, 'READ');
  const checks = (outcome: string) => `gatehouse_api_key_checks_total{outcome="${outcome}"}`;
  const use = async () => {
    await machine.users();
    await machine.users();
    await machine.creator.users();
    await machine.revoke();
    await machine.users();
    await Object.assign(machine, { token: 'gk_x' }).users();
  };
  const added = { [checks('ACCEPTED')]: 2, [checks('REFUSED')]: 1, [checks('MALFORMED')]: 1 };
  await expectAdded(use, added);
});

it('counts uses of passkeys by outcome', async () => {
  const ada = await PasskeyOwner.create(app);
  const uses = (outcome: string) => `gatehouse_passkey_uses_total{outcome="${outcome}"}`;
  const use = async () => {
    await ada.signIn();
    await ada.signIn({ isUnverified: true });
    await app.sql('delete from passkeys');
    await ada.signIn();
    await ada.signIn();
  };
  await expectAdded(use, { [uses('ACCEPTED')]: 1, [uses('REFUSED')]: 1, [uses('UNKNOWN')]: 2 });
});

it('counts uses of passkeys as a factor, too', async () => {
  const ada = await PasskeyFactorOwner.enrolled(app);
  const uses = (outcome: string) => `gatehouse_passkey_uses_total{outcome="${outcome}"}`;
  const use = async () => {
    const { challengeId } = await ada.redeem();
    const unverified = await ada.forSignIn(challengeId, { isUnverified: true });
    await ada.prove(challengeId, { passkey: unverified });
    await ada.prove(challengeId, { passkey: await ada.forSignIn(challengeId) });
    await ada.ask('stepUp', { passkey: await ada.forStepUp() });
  };
  await expectAdded(use, { [uses('ACCEPTED')]: 2, [uses('REFUSED')]: 1 });
});

it('counts sessions opened, and ended by each cause', async () => {
  const ada = new Person(app);
  const ended = (cause: string) => `gatehouse_sessions_ended_total{cause="${cause}"}`;
  const end = async () => {
    const { refreshToken } = await ada.signUp();
    await ada.refresh(refreshToken);
    const { data } = await ada.signIn().then(({ accessToken: token }) => ada.sessions(token));
    await ada.logout({ refreshToken: (await ada.signIn()).refreshToken });
    const { accessToken: token } = await ada.signIn();
    const id = data?.sessions.find(({ current }) => !current)?.id ?? '';
    await ada.revokeSession(token, id);
    await ada.revokeSession(token, id);
  };
  await expectAdded(end, {
    gatehouse_sessions_opened_total: 4,
    [ended('logout')]: 1,
    [ended('revoked')]: 1,
  });
  const steal = async () => {
    const parent = await ada.signIn();
    const child = (await ada.refresh(parent.refreshToken)).data?.refreshTokens.refreshToken ?? '';
    await ada.refresh(child);
    await ada.refresh(parent.refreshToken);
    await ada.forgotPassword();
    await ada.resetPassword(await app.eventually(() => ada.codes().at(5)), 'a-new-lantern-74');
  };
  await expectAdded(steal, { [ended('reuse')]: 1, [ended('password')]: 2 });
});

it('counts mails by outcome, in the worker', async () => {
  const mails = (outcome: string) => `gatehouse_mails_total{outcome="${outcome}"}`;
  const before = await readWorker();
  expect(before.get(mails('DEAD_LETTER'))).toBe(0);
  await app.mailsDelivered();
  app.mails.refuse = (to) => (to.startsWith('x-') ? { code: 550, text: 'no' } : undefined);
  await new Person(app).requestOtp();
  await new Person(app, `x-${randomUUID()}@example.com`).requestOtp();
  const found = await app.eventually(async () => {
    const all = increases(before, await readWorker());
    return all[mails('REFUSED')] && all[mails('DELIVERED')] ? all : undefined;
  });
  expect(found).toMatchObject({ [mails('REFUSED')]: 1 });
  expect(found.gatehouse_audit_events_written_total).toBeGreaterThan(0);
});

it('shows every metric of the reference, in the process that it names', async () => {
  const shown = {
    server: await app.fetch('/metrics').then(({ text }) => text),
    worker: await app.readWorkerMetrics(),
  };
  const rows = Object.values<Metric>(metrics);
  for (const [process, text] of Object.entries(shown)) {
    const expected = rows
      .filter(({ from }) => from === 'both' || from === process)
      .filter(({ help }) => !help.includes('Absent without'));
    const types = [...text.matchAll(/^# TYPE (\w+ \w+)$/gm)].map(([, each]) => each ?? '');
    expect(types.sort()).toEqual(expected.map(({ name, type }) => `${name} ${type}`).sort());
  }
});
