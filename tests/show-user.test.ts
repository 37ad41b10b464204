import { expect, it } from 'vitest';
import { UnlockUserDocument } from '../client/generated/graphql.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { rest } from './support/rest.ts';

const app = useApp();

async function owner() {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signUp();
  return { admin, ada, id: await idOf(app, ada) };
}

it('shows the sessions of a user, and counts sessions and events', async () => {
  const { admin, ada, id } = await owner();
  await ada.logout({ refreshToken: (await ada.signIn()).refreshToken });
  await app.auditWritten();
  const { data } = await admin.user(id);
  const auditEvents = (await ada.events()).length;
  expect(data?.user).toMatchObject({
    sessions: [{ ipAddress: ada.from, current: false }],
    counts: { sessions: 1, auditEvents },
    locks: [],
  });
  const shown = await rest(app, 'GET', `/admin/users/${id}`, undefined, admin);
  expect(shown.body).toMatchObject({
    sessions: [{ ip_address: ada.from, current: false }],
    counts: { sessions: 1, audit_events: auditEvents },
    locks: [],
  });
});

it('counts for one user at a time, because each count reads up to 100,000 events', async () => {
  const { token } = await Administrator.create(app);
  const counts = 'counts { sessions }';
  const list = await app.graphql(`{ users { edges { node { ${counts} } } } }`, {}, { token });
  expect(list.code).toBe('GRAPHQL_VALIDATION_FAILED');
  const text = `query($id: ID!) { user(id: $id) { ${counts} } }`;
  const admin = await Administrator.create(app);
  const one = await app.graphql(text, { id: await idOf(app, admin) }, { token });
  expect(one.data).toEqual({ user: { counts: { sessions: 1 } } });
});

it('shows which limits of the address are used up, for whom and for how long', async () => {
  const { admin, ada, id } = await owner();
  const eve = new Person(app, ada.email);
  for (const person of [ada, eve]) {
    for (let i = 0; i < 5; i += 1) await person.login('wrong');
    expect((await person.login(PASSWORD)).code).toBe('LOCKED');
  }
  await new Person(app, ada.email).login('wrong');
  const unlockIn = expect.toSatisfy((seconds) => seconds > 890 && seconds <= 900);
  const locked = [ada, eve]
    .map(({ from }) => `${from}/32`)
    .sort()
    .map((subject) => ({ limit: 'LIMIT_WRONG_PASSWORDS', subject, unlockIn }));
  expect((await admin.user(id)).data?.user?.locks).toEqual(locked);
  const { output } = await command(app, 'users', `show ${ada.email} --json`);
  expect(JSON.parse(output)).toMatchObject({ locks: locked, counts: { sessions: 1 } });
  const lines = (await command(app, 'users', `show ${ada.email}`)).output;
  expect(lines).toMatch(/^locks +\[\{"limit":"LIMIT_WRONG_PASSWORDS"/m);
  await admin.change(UnlockUserDocument, { id });
  expect((await admin.user(id)).data?.user?.locks).toEqual([]);
});

it('shows the locks of mailed codes', async () => {
  const { admin, ada, id } = await owner();
  for (let i = 0; i < 5; i += 1) await ada.forgotPassword();
  const { data } = await admin.user(id);
  expect(data?.user?.locks).toMatchObject([
    { limit: 'LIMIT_MAILED_CODES', subject: 'RESET_PASSWORD known' },
  ]);
});
