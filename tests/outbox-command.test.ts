import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';

const app = useApp();

const outbox = (words: string) => command(app, 'outbox', words);

beforeEach(async () => {
  await app.sql('delete from outbox_entries');
  app.mails.refuse = () => undefined;
});

interface Entry {
  readonly id: string;
  readonly outcome: string | null;
  readonly payload: string | null;
}

const entryThat = (is: string) =>
  app.eventually(async () => {
    const [entry] = await app.sql<Entry>(`select * from outbox_entries where ${is}`);
    return entry;
  });

/** Mails somebody that their password was reset, and nothing else. */
async function notify(): Promise<Person> {
  const ada = new Person(app);
  const id = randomUUID();
  const asked = { at: app.clock.now(), ip: '::1', userAgent: '' };
  const order = { about: 'PASSWORD_RESET', to: ada.email, asked };
  await app.sql(
    "insert into outbox_entries (id, kind, payload, created_at) values (?, 'mail', ?, now())",
    [id, app.runtime.sealer.seal(id, JSON.stringify(order))],
  );
  app.runtime.jobs.announce('mail', id);
  return ada;
}

/** An audit event that cannot be written, at the last of its tries. */
async function breakAuditEvent(): Promise<string> {
  const id = randomUUID();
  await app.sql(
    `insert into outbox_entries (id, kind, payload, created_at, attempts)
     values (?, 'audit', 'broken', now() - interval '3 h', 9)`,
    [id],
  );
  await entryThat("outcome = 'POISONED'");
  return id;
}

it('reports that nothing waits or has failed', async () => {
  expect(await outbox('list')).toEqual({
    code: 0,
    output: 'No waiting or failed entries.\n',
  });
});

it('lists waiting and failed entries, oldest first, without addresses', async () => {
  const poisoned = await breakAuditEvent();
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  const ada = new Person(app);
  await ada.requestOtp();
  const code = await entryThat("outcome = 'REFUSED'");
  await notify();
  const notice = await entryThat("outcome = 'REFUSED' and payload is not null");
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  await notify();
  const waiting = await entryThat('last_error is not null and done_at is null');

  const { code: status, output } = await outbox('list');
  const [titles, ...rows] = output.trimEnd().split('\n');
  expect(status).toBe(0);
  expect(titles).toMatch(/^id +kind +state +tries +due +age +last error$/);
  expect(rows).toHaveLength(4);
  const rowOf = (id: string) => rows.find((row) => row.startsWith(id));
  expect(rowOf(poisoned)).toMatch(/ audit +dead letter +10 +- +3 h +22P02$/);
  expect(rowOf(code.id)).toMatch(/ mail +refused \(erased\) {2}1 +- +\d+ s +EENVELOPE 550$/);
  expect(rowOf(notice.id)).toMatch(/ mail +refused +1 +- +\d+ s +EENVELOPE 550$/);
  expect(rowOf(waiting.id)).toMatch(/ mail +waiting +1 +\d{4}-\S+Z +\d+ s +EENVELOPE 451$/);
  expect(output).not.toContain('@');

  const listed = JSON.parse((await outbox('list --json')).output);
  const expected = { id: poisoned, kind: 'audit', outcome: 'POISONED' };
  expect(listed).toContainEqual(expect.objectContaining(expected));

  const all = await outbox('list --all');
  expect(all.output).toMatch(/ audit +delivered +0 +- +\d+ s +-\n/);
});

it('sends a rejected mail again on request, and nothing else', async () => {
  app.mails.refuse = () => ({ code: 550, text: 'relay denied' });
  const [ada, grace] = [await notify(), await notify()];
  await app.eventually(
    async () =>
      (await app.sql("select * from outbox_entries where outcome = 'REFUSED'")).length === 2,
  );
  app.mails.refuse = () => undefined;
  const [first] = await app.sql<Entry>('select * from outbox_entries order by created_at');

  const one = await outbox(`retry ${first?.id}`);
  expect(one).toEqual({ code: 0, output: 'The entry will be retried now.\n' });
  await app.eventually(() => ada.mails().length === 1);
  expect(grace.mails()).toEqual([]);
  expect((await outbox('retry --all')).output).toBe('Entries to be retried now: 1\n');
  await app.eventually(() => grace.mails().length === 1);
  expect(ada.mails()).toHaveLength(1);
});

it('cannot send a rejected code again', async () => {
  app.mails.refuse = () => ({ code: 550, text: 'no such user' });
  await new Person(app).requestOtp();
  const { id } = await entryThat("outcome = 'REFUSED'");

  expect(await outbox(`retry ${id}`)).toEqual({
    code: 1,
    output: expect.stringMatching(/^No failed entry with this ID can be retried\. .+\n$/),
  });
});

it('writes a dead audit event after the cause is corrected', async () => {
  const id = await breakAuditEvent();
  const event = { event: 'REGISTERED', email: 'ada@example.com', ipAddress: '::1', userAgent: '' };
  const payload = JSON.stringify({ ...event, metadata: {} });
  await app.sql('update outbox_entries set payload = ? where id = ?', [payload, id]);
  await outbox('retry --all');

  await entryThat("outcome = 'DELIVERED'");
  expect(await app.sql('select event from audit_events where id = ?', [id])).toEqual([
    { event: 'REGISTERED' },
  ]);
});

it('drops a waiting mail', async () => {
  app.mails.refuse = () => ({ code: 451, text: 'later' });
  const ada = await notify();
  const { id } = await entryThat('last_error is not null');
  expect((await outbox(`drop ${id}`)).output).toBe('Dropped. The mail will not be sent.\n');
  app.mails.refuse = () => undefined;
  expect(await entryThat("outcome = 'DROPPED'")).toMatchObject({ id, payload: null });
  expect(ada.mails()).toEqual([]);
});

it('drops an audit event only with --force', async () => {
  const event = await breakAuditEvent();
  const refused = await outbox(`drop ${event}`);
  expect([refused.code, refused.output]).toEqual([
    1,
    'No waiting or failed mail has this ID. To drop an audit event, add --force.\n',
  ]);
  expect((await entryThat("kind = 'audit'")).outcome).toBe('POISONED');
  const forced = await outbox(`drop ${event} --force`);
  expect(forced.output).toBe('Dropped. The event will be missing from the audit log.\n');
  expect((await entryThat("kind = 'audit'")).outcome).toBe('DROPPED');
});

it('shows its usage and exits with 2 for invalid arguments', async () => {
  const wrong = ['', 'list x', 'retry', `retry ${randomUUID()} --all`, 'retry x', 'drop --all'];
  for (const { code, output } of await Promise.all(wrong.map((words) => outbox(words)))) {
    expect([code, output]).toEqual([2, expect.stringContaining('Usage: gatehouse outbox ')]);
  }
});
