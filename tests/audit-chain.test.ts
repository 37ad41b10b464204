import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createAuditKey } from '#src/adapters/ed25519-audit-key.ts';
import { smallestIdAt } from '#src/audit/id-range.ts';
import { rowDigest, sha256 } from '#src/audit/row-digest.ts';
import { contentDigest, NOTHING, sealDigest } from '#src/audit/seal.ts';
import { sealEvents } from '#src/audit/seal-events.ts';
import { listSeals, readCanonicalRows } from '#src/audit/seal-statements.ts';
import type { ChainReport } from '#src/audit/verify-chain.ts';
import type { AuditKey } from '#src/ports/audit-key.ts';
import type { Mail, Mailer } from '#src/ports/mail-order.ts';
import { schedule } from '#worker/scheduled-jobs.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { goingOn, openWorker } from './worker/open-worker.ts';

const app = useApp();
const DAY = 24 * 60 * 60 * 1000;
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-'));

/** Runs a job of the worker once. */
async function runJob(name: string, config: object = {}, mailer?: Mailer): Promise<void> {
  const worker = await openWorker(app);
  const job = schedule.find((each) => each.name === name);
  const changed = { config: { ...worker.config, ...config }, mailer: mailer ?? worker.mailer };
  await job?.run({ ...worker, ...changed }, goingOn);
}

interface Verified extends ChainReport {
  readonly code: number;
}

async function verify(words = '', variables = {}): Promise<Verified> {
  const { code, output } = await command(app, 'audit', `verify --json ${words}`, { variables });
  const json = output.replace(/\n[^\n]*\n$/, (line) => (line.startsWith('\n}') ? line : '\n'));
  return { ...JSON.parse(json), code };
}

const idAt = (milliseconds: number, end: number) =>
  smallestIdAt(milliseconds).replace(
    /0000-0000-0{12}$/,
    `7000-8000-${String(end).padStart(12, '0')}`,
  );

/** Ids of the rows, in the order in which they were sealed. */
let ids: string[] = [];

async function insert(id: string): Promise<void> {
  await app.sql(
    `insert into audit_events
       (id, event, email, ip_address, user_agent, metadata, created_at, account_id)
     values (?, 'LOGGED_OUT', 'ada@example.com', '127.0.0.1', 'Firefox', '{"a": {"b": 1}}', now(),
       gen_random_uuid())`,
    [id],
  );
}

beforeEach(async () => {
  await app.sql('truncate audit_events, audit_unsealed, audit_seals');
  const worker = await openWorker(app);
  ids = [];
  for (const seal of [1, 2, 3]) {
    for (const row of [1, 2, 3, 4]) {
      const id = idAt(Date.now() + seal, row);
      ids.push(id);
      await insert(id);
    }
    await sealEvents(worker, 100);
  }
});

it('verifies events of all kinds and any times, with those that wait for a seal', async () => {
  expect(await verify()).toMatchObject({ code: 0, found: 0, seals: 4, rows: { verified: 12 } });
  const ada = new Person(app);
  await ada.signIn();
  await ada.login();
  await insert(idAt(0, 1));
  await app.auditWritten();
  expect((await verify()).rows.waiting).toBeGreaterThan(2);
  await runJob('seal-audit-log');
  const after = await verify();
  expect(after).toMatchObject({ code: 0, found: 0, rows: { waiting: 0, before: 0 } });
  expect(after.rows.verified).toBeGreaterThan(14);
});

it('seals each event once, whoever seals', async () => {
  const workers = await Promise.all([openWorker(app), openWorker(app), openWorker(app)]);
  for (const row of Array(9).keys()) await insert(idAt(Date.now(), row));
  await Promise.all([...workers, ...workers].map((worker) => sealEvents(worker, 2)));
  for (const worker of workers) await sealEvents(worker, 100);
  expect(await verify()).toMatchObject({ code: 0, rows: { verified: 21, waiting: 0 } });
});

describe('finds', () => {
  const edit = (assignment: string) => () =>
    app.sql(`update audit_events set ${assignment} where id = ?`, [ids[5]]);
  const row = (index: number, problem: string) => () => ({ row: ids[index], problem });

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
      () => app.sql('delete from audit_events where id = ?', [ids[5]]),
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
          [ids[4], ids[9], ids[9], ids[4]],
        ),
      row(4, 'the row was changed'),
    ],
    [
      'a row that was added behind the trigger',
      async () => {
        await insert(idAt(Date.now(), 77));
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
          [ids[5]],
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
          `{${ids.slice(4, 8).join()}}`,
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
        await app.sql('delete from audit_events where id = ?', [ids[0]]);
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
    const { code, findings } = await verify();
    expect(code).toBe(1);
    const { problem, ...place } = first();
    expect(findings[0]).toMatchObject({ ...place, problem: expect.stringContaining(problem) });
  });
});

const ours = () => app.runtime.auditKey.sign(NOTHING).keyId;

/** Changes a row, and computes its seal and all later ones anew. */
async function rewrite({ sign }: Pick<AuditKey, 'sign'>): Promise<void> {
  await app.sql("update audit_events set event = 'LOGIN_FAILED' where id = ?", [ids[5]]);
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

it('finds an end that was cut off, by the file of a witness', async () => {
  const path = join(directory, 'witness.jsonl');
  const id = idAt(Date.now(), 98);
  await insert(id);
  for (const _ of Array(2))
    await runJob('seal-audit-log', { auditWitness: { kind: 'file', path } });
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"number":5,.+\}\n$/);
  await app.sql('delete from audit_seals where number = 5');
  await app.sql('delete from audit_events where id = ?', [id]);
  expect(await verify()).toMatchObject({ code: 0 });
  const variables = { AUDIT_WITNESS: `file://${path}` };
  const problem = 'the witness has seen seals up to 5';
  expect((await verify('', variables)).findings).toEqual([{ seal: 5, problem }]);
  await insert(idAt(Date.now(), 99));
  await runJob('seal-audit-log');
  expect((await verify(`--witness ${path}`)).findings).toMatchObject([
    { seal: 5, problem: 'it is not the seal that the witness has seen' },
  ]);
  writeFileSync(path, 'nothing\n');
  expect((await command(app, 'audit', `verify --witness ${path}`)).output).toContain('line 1 is');
});

it('copies a checkpoint to a URL and by mail, and says so when it cannot', async () => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    void text(request).then((body) => {
      requests.push(`${method} ${url} ${headers.authorization} ${body}`);
      response.writeHead(requests.length > 1 ? 507 : 200).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const url = `http://ada:p%40ss@127.0.0.1:${port}/logs/`;
  const witness = { auditWitness: { kind: 'url', url } };
  await runJob('witness-audit-log', witness);
  const basic = Buffer.from('ada:p@ss').toString('base64');
  expect(requests).toEqual([
    expect.stringMatching(`^PUT /logs/4.json Basic ${basic} {"number":4,`),
  ]);
  await runJob('witness-audit-log', witness);
  expect(app.logLines.at(-1)).toContain('the witness answered 507');

  const mails: Mail[] = [];
  const mailer = { send: async (mail: Mail) => void mails.push(mail) };
  const byMail = { auditWitness: { kind: 'mail', address: 'audit@example.com' } };
  await runJob('witness-audit-log', byMail, mailer);
  await runJob('mail-audit-checkpoint', byMail, mailer);
  expect(mails).toMatchObject([
    { to: { address: 'audit@example.com' }, text: requests[0]?.replace(/^[^{]+/, '').concat('\n') },
  ]);
});

it('seals nothing behind a seal that is not its own, until an operator restarts the chain', async () => {
  await rewrite(createAuditKey('another secret'));
  await insert(idAt(Date.now(), 99));
  await runJob('seal-audit-log');
  expect(await verify()).toMatchObject({ code: 1, seals: 4, rows: { waiting: 1 } });
  expect(app.logLines.join('')).toContain('audit-chain-broken');
  expect((await command(app, 'audit', 'restart')).code).toBe(2);
  expect((await command(app, 'audit', 'restart --yes')).code).toBe(0);
  await runJob('seal-audit-log');
  expect(await verify()).toMatchObject({
    ...{ seals: 6, found: 1, rows: { waiting: 0 } },
    findings: [{ seal: 5, problem: 'an operator restarted the chain here' }],
  });
});

it('continues under a new SECRET_KEY, and needs the old one for its own seals alone', async () => {
  const old = app.runtime.config.secretKey;
  const next = { SECRET_KEY: 'the next secret of the tests, with many letters' };
  expect((await verify('', next)).findings).toMatchObject([{ seal: 4 }]);
  expect(await verify('', { ...next, SECRET_KEY_PREVIOUS: old })).toMatchObject({ code: 0 });
  const worker = await openWorker(app);
  const auditKey = createAuditKey(next.SECRET_KEY, old);
  await insert(idAt(Date.now(), 99));
  await sealEvents({ ...worker, auditKey }, 100);
  expect(await verify('', next)).toMatchObject({ code: 0, seals: 5 });
});

it('tells pruned events from missing ones', async () => {
  const old = [idAt(Date.now() - 200 * DAY, 1), idAt(Date.now() - 199 * DAY, 2)];
  for (const id of old) await insert(id);
  const stray = 'd19a2b5e-5f41-4d86-9b02-e6714ac8d35f';
  await insert(stray);
  await app.sql('update audit_events set created_at = ? where id = ?', [new Date(0), stray]);
  await runJob('seal-audit-log');
  const before = new Date(Date.now() - 90 * DAY).toISOString();
  const prune = (words: string) => command(app, 'audit', `prune --before ${before} ${words}`);
  expect((await prune('')).output).toContain('Would delete');
  expect((await verify()).rows.verified).toBe(15);

  expect((await prune('--yes')).output).toContain('other rows: 3');
  expect(await verify()).toMatchObject({ code: 0, rows: { verified: 12 } });
  expect((await prune('')).output).toContain('No events from before');
  await app.sql('delete from audit_events where id = ?', [ids[0]]);
  expect((await verify()).findings).toMatchObject([{ row: ids[0] }]);
});

it('refuses to prune without a time while events are kept forever', async () => {
  const { code, output } = await command(app, 'audit', 'prune --yes');
  expect([code, output]).toEqual([1, expect.stringContaining('Add --before')]);
});

it('exports events by time and name as JSON Lines, oldest first', async () => {
  await insert(idAt(Date.UTC(2026, 0, 1), 1));
  const lines = async (words: string) => {
    const { output } = await command(app, 'audit', `export ${words}`);
    return output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  expect((await lines('')).map(({ id }) => id).slice(1)).toEqual(ids);
  expect(await lines('--from 2026-01-01 --to 2026-01-01T00:00:00Z')).toMatchObject([
    { event: 'LOGGED_OUT', email: 'ada@example.com', metadata: { a: { b: 1 } } },
  ]);
  expect(await lines('--from 2026-01-02')).toHaveLength(12);
  expect(await lines('--event logged_out --to 2026-01-02')).toHaveLength(1);
  expect(await lines('--event LOGIN_FAILED')).toEqual([]);
  expect((await command(app, 'audit', 'export --event OTHER')).code).toBe(2);
  expect((await command(app, 'audit', 'export --from 2026-13-01')).code).toBe(2);
});
