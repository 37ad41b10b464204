import { describe, expect, it } from 'vitest';
import { createAuditKey } from '#src/adapters/ed25519-audit-key.ts';
import { rowDigest, sha256 } from '#src/audit/row-digest.ts';
import { contentDigest, NOTHING, sealDigest } from '#src/audit/seal.ts';
import { sealEvents } from '#src/audit/seal-events.ts';
import { listSeals, readCanonicalRows } from '#src/audit/seal-statements.ts';
import type { AuditKey } from '#src/ports/audit-key.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { eventId, SealedLog } from './support/sealed-log.ts';
import { openWorker } from './worker/open-worker.ts';

const app = useApp();
const log = new SealedLog(app);

it('verifies events of all kinds and any times, with those that wait for a seal', async () => {
  expect(await log.verify()).toMatchObject({ code: 0, found: 0, seals: 4, rows: { verified: 12 } });
  const ada = new Person(app);
  await ada.signIn();
  await ada.login();
  await log.insert(eventId(0, 1));
  await app.auditWritten();
  expect((await log.verify()).rows.waiting).toBeGreaterThan(2);
  await log.runJob('seal-audit-log');
  const after = await log.verify();
  expect(after).toMatchObject({ code: 0, found: 0, rows: { waiting: 0, before: 0 } });
  expect(after.rows.verified).toBeGreaterThan(14);
});

it('seals each event once, whoever seals', async () => {
  const workers = await Promise.all([openWorker(app), openWorker(app), openWorker(app)]);
  for (const row of Array(9).keys()) await log.insert(eventId(Date.now(), row));
  await Promise.all([...workers, ...workers].map((worker) => sealEvents(worker, 2)));
  for (const worker of workers) await sealEvents(worker, 100);
  expect(await log.verify()).toMatchObject({ code: 0, rows: { verified: 21, waiting: 0 } });
});

describe('finds', () => {
  const edit = (assignment: string) => () =>
    app.sql(`update audit_events set ${assignment} where id = ?`, [log.ids[5]]);
  const row = (index: number, problem: string) => () => ({ row: log.ids[index], problem });

  it.each([
    ['another event', edit("event = 'LOGIN_FAILED'"), row(5, 'the row was changed')],
    ['another address', edit("email = 'bob@example.com'"), row(5, 'the row was changed')],
    ['another client', edit("ip_address = '127.0.0.2'"), row(5, 'the row was changed')],
    ['another device', edit("user_agent = ''"), row(5, 'the row was changed')],
    ['other metadata', edit(`metadata = '{"a": {"b": 2}}'`), row(5, 'the row was changed')],
    ['another time', edit(`created_at = created_at - interval '1 microsecond'`), row(5, 'the row')],
    ['another account', edit('account_id = null'), row(5, 'the row was changed')],
    ['another salt', edit(`salt = '\\x00'`), row(5, 'the row was changed')],
    ['another id', edit('id = gen_random_uuid()'), row(5, 'the row is missing')],
    [
      'a removed row',
      () => app.sql('delete from audit_events where id = ?', [log.ids[5]]),
      row(5, 'the row is missing'),
    ],
    ['all rows removed', () => app.sql('delete from audit_events'), row(0, 'the row is missing')],
    [
      'two rows exchanged',
      () =>
        app.sql(
          `update audit_events e set event = o.event, email = o.email, salt = o.salt,
             created_at = o.created_at, account_id = o.account_id
           from audit_events o where (e.id, o.id) in ((?, ?), (?, ?))`,
          [log.ids[4], log.ids[9], log.ids[9], log.ids[4]],
        ),
      row(4, 'the row was changed'),
    ],
    [
      'a row that was added behind the trigger',
      async () => {
        await log.insert(eventId(Date.now(), 77));
        await app.sql('delete from audit_unsealed');
      },
      () => ({ problem: 'the row was added without a seal' }),
    ],
    [
      'a row that was erased without a deletion of its account',
      () =>
        app.sql(
          `update audit_events set erased_digest = sha256(salt || convert_to(
               jsonb_build_array(email, ip_address, user_agent, metadata)::text, 'UTF8')),
             salt = null, ip_address = '', user_agent = '', metadata = '{}',
             email = 'deleted-' || account_id
           where id = ?`,
          [log.ids[5]],
        ),
      row(5, 'the row was erased, but its account was not deleted'),
    ],
    [
      'the first seal removed',
      () => app.sql('delete from audit_seals where number = 1'),
      () => ({ seal: 2, problem: 'seals before this one are missing' }),
    ],
    [
      'a seal removed with its rows',
      async () => {
        await app.sql('delete from audit_events where id = any(?)', [
          `{${log.ids.slice(4, 8).join()}}`,
        ]);
        await app.sql('delete from audit_seals where number = 3');
      },
      () => ({ seal: 4, problem: 'seals before this one are missing' }),
    ],
    [
      'two seals exchanged',
      () =>
        app
          .sql('update audit_seals set number = -number where number > 2')
          .then(() =>
            app.sql(
              'update audit_seals set number = case number when -3 then 4 else 3 end where number < 0',
            ),
          ),
      () => ({ seal: 3, problem: 'it was changed, or the seal before it was' }),
    ],
    [
      'a row taken out of its seal',
      () =>
        app.sql(
          'update audit_seals set ids = ids[2:], digests = substr(digests, 33) where number = 3',
        ),
      () => ({ seal: 3, problem: 'its list of rows was changed' }),
    ],
    [
      'the list of a seal removed',
      () => app.sql('update audit_seals set ids = null, digests = null where number = 3'),
      () => ({ seal: 3, problem: 'its list of rows is missing' }),
    ],
    [
      'another time of a seal',
      () =>
        app.sql(`update audit_seals set sealed_at = sealed_at + interval '1 s' where number = 3`),
      () => ({ seal: 3, problem: 'it was changed, or the seal before it was' }),
    ],
    [
      'a pruning that no seal contains',
      async () => {
        await app.sql(
          `update audit_seals set kind = 'PRUNED', bound = now() + interval '1 d' where number = 1`,
        );
        await app.sql('delete from audit_events where id = ?', [log.ids[0]]);
      },
      () => ({ seal: 1, problem: 'it was changed, or the seal before it was' }),
    ],
    [
      'a chain that was written anew without the key',
      () => rewrite(createAuditKey('another secret')),
      () => ({ seal: 4, problem: 'its key is unknown' }),
    ],
    [
      'a chain that was written anew under the name of the key',
      () => rewrite({ sign: (digest) => ({ keyId: ours(), signature: sha256(digest) }) }),
      () => ({ seal: 3, problem: 'its signature is wrong' }),
    ],
  ])('%s', async (_what, tamper, first) => {
    await tamper();
    const { code, findings } = await log.verify();
    expect(code).toBe(1);
    const { problem, ...place } = first();
    expect(findings[0]).toMatchObject({ ...place, problem: expect.stringContaining(problem) });
  });
});

const ours = () => app.runtime.auditKey.sign(NOTHING).keyId;

/** Changes a row, and computes its seal and all later ones anew. */
async function rewrite({ sign }: Pick<AuditKey, 'sign'>): Promise<void> {
  await app.sql("update audit_events set event = 'LOGIN_FAILED' where id = ?", [log.ids[5]]);
  const seals = await app.runtime.sql.query(listSeals, [0, 10]);
  let previous = seals[1]?.digest ?? NOTHING;
  for (const seal of seals.slice(2)) {
    const rows = await app.runtime.sql.query(readCanonicalRows, [seal.ids]);
    const digests = Buffer.concat(rows.map(rowDigest));
    const content = contentDigest(seal.ids ?? [], digests);
    previous = sealDigest(previous, { ...seal, number: Number(seal.number), content });
    const { keyId, signature } = sign(previous);
    await app.runtime.sql.query(
      {
        name: 'rewrite-seal',
        text: `update audit_seals set digests = $1, content = $2, digest = $3, key_id = $4,
          signature = $5 where number = $6`,
      },
      [digests, content, previous, keyId, signature, seal.number],
    );
  }
}

it('seals nothing behind a seal that is not its own, until an operator restarts the chain', async () => {
  await rewrite(createAuditKey('another secret'));
  const at = Date.now();
  await log.insert(eventId(at, 99));
  await log.runJob('seal-audit-log');
  expect(await log.verify()).toMatchObject({ code: 1, seals: 4, rows: { waiting: 1 } });
  expect(app.logLines.join('')).toContain('audit-chain-broken');
  expect((await command(app, 'audit', 'restart')).code).toBe(2);
  expect((await command(app, 'audit', 'restart --yes')).code).toBe(0);
  await log.runJob('seal-audit-log');
  expect(await log.verify()).toMatchObject({
    ...{ seals: 6, found: 1, rows: { waiting: 0 } },
    findings: [{ seal: 5, problem: 'an operator restarted the chain here' }],
    restarted: 5,
  });
  const { output } = await command(app, 'audit', 'verify');
  expect(output).toContain('npx gatehouse audit verify --since 5\n');
  const since = { code: 0, seals: 2, found: 0, rows: { verified: 1, waiting: 0 } };
  expect(await log.verify('--since 5')).toMatchObject(since);
  const [seal] = await app.sql<{ at: string }>(
    'select sealed_at as at from audit_seals where number = 5',
  );
  expect(await log.verify(`--since ${new Date(seal?.at ?? 0).toISOString()}`)).toMatchObject(since);
  expect(await log.verify('--since 6')).toMatchObject({ code: 0, seals: 1 });
  await app.sql("update audit_events set event = 'LOGIN_FAILED' where id = ?", [eventId(at, 99)]);
  expect((await log.verify('--since 5')).findings).toMatchObject([
    { problem: 'the row was changed' },
  ]);
  await app.sql('delete from audit_seals where number = 5');
  expect((await log.verify('--since 6')).findings).toMatchObject([
    { seal: 6, problem: 'it was changed, or the seal before it was' },
    { problem: 'the row was changed' },
  ]);
});

it('continues under a new SECRET_KEY, and needs the old one for its own seals alone', async () => {
  const old = app.runtime.config.secretKey;
  const next = { SECRET_KEY: 'the next secret of the tests, with many letters' };
  expect((await log.verify('', next)).findings).toMatchObject([{ seal: 4 }]);
  expect(await log.verify('', { ...next, SECRET_KEY_PREVIOUS: old })).toMatchObject({ code: 0 });
  const worker = await openWorker(app);
  const auditKey = createAuditKey(next.SECRET_KEY, old);
  await log.insert(eventId(Date.now(), 99));
  await sealEvents({ ...worker, auditKey }, 100);
  expect(await log.verify('', next)).toMatchObject({ code: 0, seals: 5 });
});
