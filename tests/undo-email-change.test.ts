import { expect, it } from 'vitest';
import { findAddresses } from '#src/accounts/account-statements.ts';
import { writeAudit } from '#worker/write-audit.ts';
import { DeleteMyAccountDocument } from '../client/generated/graphql.ts';
import { Mover, newPerson, stepUpAll, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { newAddress, useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { whileAccountIsLocked } from './support/locked-account.ts';

const app = useApp();
const page = '/email-change/undo';

/** A person whose address a thief has changed, and the undo secret of the change. */
async function moved() {
  const ada = await Mover.create(app);
  const id = await idOf(app, ada);
  const thief = ada.thief();
  expect(await thief.move(thief.email)).toBeUndefined();
  await app.mailsDelivered();
  return { ada, id, thief, secret: undoSecretsOf(ada).at(-1) ?? '' };
}

const addressOf = async (id: string) =>
  (await app.sql<{ email: string }>('select email from accounts where id = ?', [id]))[0]?.email;

const post = (body: string, type = 'application/x-www-form-urlencoded') =>
  app.fetch(page, { method: 'POST', headers: { 'content-type': type }, body });

it('changes nothing when a scanner follows the link, and undoes the change by the button', async () => {
  const { ada, id, thief, secret } = await moved();
  for (const path of [page, `${page}?secret=${secret}`, `${page}/`]) {
    const { status, headers, text } = await app.fetch(path);
    expect([status, headers['referrer-policy']]).toEqual([200, 'no-referrer']);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'nonce-[^ ]+'; script-src 'nonce-[^ ]+'$/,
    );
    expect(text).not.toContain(secret);
    expect(await addressOf(id)).toBe(thief.email);
  }
  expect((await post(`secret=${secret.slice(1)}`)).status).toBe(400);
  expect((await post(JSON.stringify({ secret }), 'application/json')).status).toBe(415);
  expect((await post(`secret=${'x'.repeat(2000)}`)).status).toBe(413);
  expect(await addressOf(id)).toBe(thief.email);

  const undone = await post(`secret=${secret}`);
  expect([undone.status, undone.headers['referrer-policy']]).toEqual([200, 'no-referrer']);
  expect(undone.text).toContain('The change was undone');
  expect(await addressOf(id)).toBe(ada.email);
  const again = await post(`secret=${secret}`);
  expect([again.status, again.text.includes('already used')]).toEqual([400, true]);
  expect(app.logLines.join('')).not.toContain(secret);
});

it('undoes a change once, also at once with everything that the thief does', async () => {
  const { ada, id, thief, secret } = await moved();
  await stepUpAll(app);
  const { confirmation } = await thief.request(newAddress());
  const reset = newPerson(app, thief.email);
  const challengeId = (await reset.forgotPassword()).data?.forgotPassword.challengeId;
  const signIn = (await reset.requestOtp()).data?.requestOtp.challengeId;
  await app.mailsDelivered();
  const [resetCode = '', signInCode = ''] = reset.codes().slice(-2);
  const undos = Array.from({ length: 3 }, () => newPerson(app).undo(secret));
  const entered = reset.verifyOtp(signInCode, signIn);
  await Promise.all([
    thief.confirm(confirmation),
    reset.resetPassword(resetCode, 'amber-compass-91', challengeId),
    thief.refresh(ada.refreshToken),
    app.run(DeleteMyAccountDocument, {}, { token: thief.token }),
    entered,
    ...undos,
  ]);
  expect((await Promise.all(undos)).filter((code) => code === undefined)).toHaveLength(1);
  expect(await addressOf(id)).toBe(ada.email);
  expect((await ada.login('amber-compass-91')).code).toBe('INVALID_CREDENTIALS');
  for (const token of [thief.token, (await entered).data?.verifyOtp.accessToken ?? 'none']) {
    expect((await ada.me(token)).data?.me?.id).not.toBe(id);
  }
  expect((await ada.signIn()).user.id).toBe(id);
});

it('refuses to delete an account whose address changed, unless an administrator does', async () => {
  const { ada, id, thief, secret } = await moved();
  await stepUpAll(app);
  const removed = await app.run(DeleteMyAccountDocument, {}, { token: thief.token });
  expect([removed.code, await addressOf(id)]).toEqual(['FORBIDDEN', thief.email]);
  const admin = await Administrator.create(app);
  const { DeleteUserDocument } = await import('../client/generated/graphql.ts');
  const input = { id, email: thief.email };
  expect((await admin.change(DeleteUserDocument, input)).code).toBeUndefined();
  // Both addresses are free, no secret works, and the events of both will be erased.
  expect(await newPerson(app).undo(secret)).toBe('INVALID_OTP');
  const orders = await app.sql<{ email: string }>(
    'select email from erasures where account_id = ?',
    [id],
  );
  expect(orders.map(({ email }) => email).sort()).toEqual([ada.email, thief.email].sort());
  for (const { email } of [ada, thief])
    expect((await new Person(app, email).signIn()).user.id).not.toBe(id);
});

it('restores the address of a disabled account, which stays disabled', async () => {
  const { ada, id, secret } = await moved();
  const admin = await Administrator.create(app);
  await admin.disableUser(id);
  expect(await newPerson(app).undo(secret)).toBeUndefined();
  expect(await addressOf(id)).toBe(ada.email);
  expect((await ada.requestOtp()).code).toBeUndefined();
  await app.mailsDelivered();
  const codes = ada.codes().length;
  await admin.enableUser(id);
  expect((await ada.signIn()).user.id).toBe(id);
  expect(ada.codes()).toHaveLength(codes + 1);
});

it('keeps clients known by the account, but not those of the thief', async () => {
  const ada = await Mover.create(app);
  const id = await idOf(app, ada);
  const thief = ada.thief();
  await thief.move(thief.email);
  await app.mailsDelivered();
  const isKnown = async (client: string, email: string) => {
    const asked = { email, client: `${client}/32`, now: app.clock.now() };
    return (await app.runtime.lookUps.find(findAddresses, asked))?.known;
  };
  await thief.signIn();
  for (const { from } of [ada, thief]) expect(await isKnown(from, thief.email)).toBe(true);
  await newPerson(app).undo(undoSecretsOf(ada).at(-1));
  expect(await isKnown(ada.from, ada.email)).toBe(true);
  expect(await isKnown(thief.from, ada.email)).toBe(false);
  expect(await addressOf(id)).toBe(ada.email);
});

it('creates no account for a code of an account that has just left the address', async () => {
  const { thief } = await moved();
  const entering = newPerson(app, thief.email);
  const challengeId = (await entering.requestOtp()).data?.requestOtp.challengeId;
  await app.mailsDelivered();
  const code = entering.codes().at(-1) ?? '';
  const [answer] = await whileAccountIsLocked(app, thief.email, {
    start: () => [entering.verifyOtp(code, challengeId)],
    statement: `update accounts set email = '${newAddress()}' where id = $1`,
  });
  expect(answer?.code).toBe('INVALID_OTP');
  expect(await app.sql('select id from accounts where email = ?', [thief.email])).toEqual([]);
});

it('acts on the account of the session when the address goes to another account meanwhile', async () => {
  const ada = await Mover.create(app);
  const id = await idOf(app, ada);
  const [answer] = await whileAccountIsLocked(app, ada.email, {
    start: () => [ada.updateProfile(ada.token, { firstName: 'Grace' })],
    statement: `update accounts set email = '${newAddress()}' where id = $1;
      insert into accounts (id, email, role, created_at)
      values (gen_random_uuid(), '${ada.email}', 'USER', now())`,
  });
  expect(answer?.code).toBeUndefined();
  const names = 'select first_name from accounts where id = ?';
  expect(await app.sql(names, [id])).toEqual([{ first_name: 'Grace' }]);
});

it('limits the requests of an account, exactly, and records this once', async () => {
  const ada = await Mover.create(app);
  const asked = Array.from({ length: 9 }, () => ada.ask('changeEmail', { newEmail: newAddress() }));
  const codes = (await Promise.all(asked)).map(({ code }) => code);
  expect(codes.filter((code) => code === undefined)).toHaveLength(5);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(4);
  await app.auditWritten();
  const events = (await ada.events()).filter(({ event }) => event === 'RATE_LIMITED');
  expect(events).toMatchObject([{ metadata: { limit: 'emailChanges' } }]);
});

it('finds the account of an event that names only an address, by the time of the event', async () => {
  const { ada, id, thief } = await moved();
  const bob = newPerson(app);
  const [{ at } = { at: '' }] = await app.sql<{ at: string }>(
    "select created_at as at from email_changes where account_id = ? and step = 'CHANGED'",
    [id],
  );
  /** Writes an event that waited for a worker. */
  const owner = async (email: string, seconds: number) => {
    const eventId = app.runtime.newId(new Date());
    const payload = { event: 'OTP_FAILED', email, ipAddress: '', userAgent: '', metadata: {} };
    await app.sql(
      `insert into outbox_entries (id, kind, payload, created_at, due_at)
       values (?, 'audit', ?, ?::timestamptz + make_interval(secs => ?), now() + interval '1 hour')`,
      [eventId, JSON.stringify(payload), at, seconds],
    );
    await writeAudit({ em: app.runtime.orm.em.fork(), tracing: undefined }, [eventId]);
    const [row] = await app.sql<{ account_id: string | null }>(
      'select account_id from audit_events where id = ?',
      [eventId],
    );
    return row?.account_id;
  };
  expect(await owner(ada.email, -0.01)).toBe(id);
  expect(await owner(ada.email, 1)).toBeNull();
  expect(await owner(thief.email, 1)).toBe(id);
  expect(await owner(thief.email, -0.01)).toBeNull();
  expect(await owner(bob.email, 1)).toBeNull();
});
