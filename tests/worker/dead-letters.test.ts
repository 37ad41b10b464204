import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const app = useApp();

beforeEach(async () => {
  await app.sql('delete from outbox_entries');
  app.logLines.length = 0;
});

interface Entry {
  readonly id: string;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly payload: string | null;
  readonly last_error: string | null;
}

/** Puts an entry that nobody announces. */
async function put(kind: 'mail' | 'audit', payload: string, id: string = randomUUID()) {
  await app.sql(
    'insert into outbox_entries (id, kind, payload, created_at) values (?, ?, ?, now())',
    [id, kind, payload],
  );
  return id;
}

const entryThat = (is: (entry: Entry) => boolean) =>
  app.eventually(async () => (await app.sql<Entry>('select * from outbox_entries')).find(is));

const event = { event: 'REGISTERED', email: 'ada@example.com', ipAddress: '::1', userAgent: '' };

it.each([
  ['is no JSON', 'ada@example.com', '22P02'],
  ['is too long', JSON.stringify({ ...event, metadata: {}, userAgent: 'a'.repeat(513) }), '22001'],
])(
  'makes an audit event that %s a dead letter after ten attempts, and writes all others',
  async (_what, payload, code) => {
    const broken = await put('audit', payload);
    const ada = new Person(app);
    await ada.register();
    await app.eventually(async () => (await ada.events()).length === 2);
    const tried = await entryThat(({ id, last_error }) => id === broken && last_error !== null);
    expect(tried).toMatchObject({ outcome: null, last_error: code });

    await app.sql('update outbox_entries set attempts = 9, due_at = now() where id = ?', [
      tried.id,
    ]);
    await ada.register();
    const aside = await entryThat(({ outcome }) => outcome === 'POISONED');
    await app.eventually(async () => (await ada.events()).length === 4);
    expect(aside).toMatchObject({ id: tried.id, attempts: 10, payload, last_error: code });
    const lines = app.logLines.filter((line) => line.includes('outbox-entry-poisoned'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { entry: tried.id, attempts: 10 },
    ]);
    expect(app.logLines.join('')).not.toContain('ada@example.com');
  },
);

it.each([
  ['cannot be decrypted', () => 'broken'],
  ['is of an unknown kind', (id: string) => app.runtime.sealer.seal(id, '{"about":"X"}')],
])(
  'makes a mail that %s a dead letter after ten attempts, and sends all others',
  async (_what, payloadOf) => {
    const broken = randomUUID();
    await put('mail', payloadOf(broken), broken);
    app.runtime.jobs.announce('mail', broken);
    const ada = new Person(app);
    await ada.requestOtp();
    await ada.code();
    const tried = await entryThat(({ id, last_error }) => id === broken && last_error !== null);
    expect(tried).toMatchObject({ outcome: null, last_error: 'UnreadableMail' });

    await app.sql('update outbox_entries set attempts = 9, due_at = now() where id = ?', [broken]);
    app.runtime.jobs.announce('mail', broken);
    const aside = await entryThat(({ outcome }) => outcome === 'POISONED');
    expect(aside).toMatchObject({ id: broken, attempts: 10, payload: tried.payload });
  },
);

it('finds any number of broken entries without losing the valid ones', async () => {
  await app.sql(
    `insert into outbox_entries (id, kind, payload, created_at, due_at)
     select gen_random_uuid(), kind, 'broken', now(), now() - interval '1 minute'
     from generate_series(1, 60), unnest('{audit,mail}'::text[]) kind`,
  );
  const good = await put('audit', JSON.stringify({ ...event, metadata: {} }));
  const asked = { at: app.clock.now(), ip: '::1', userAgent: '' };
  const order = { about: 'PASSWORD_RESET', to: 'ada@example.com', asked };
  const mail = randomUUID();
  await put('mail', app.runtime.sealer.seal(mail, JSON.stringify(order)), mail);
  for (const each of [good, mail]) {
    const { outcome } = await entryThat(({ id, outcome: done }) => id === each && done !== null);
    expect(outcome).toBe('DELIVERED');
  }
});
