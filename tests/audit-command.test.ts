import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import type { Mail } from '#src/ports/mail-order.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { eventId, SealedLog } from './support/sealed-log.ts';

const app = useApp();
const log = new SealedLog(app);
const DAY = 24 * 60 * 60 * 1000;
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-'));
afterAll(() => rmSync(directory, { recursive: true }));

it('finds an end that was cut off, by the file of a witness', async () => {
  const path = join(directory, 'witness.jsonl');
  const id = eventId(Date.now(), 98);
  await log.insert(id);
  for (const _ of Array(2))
    await log.runJob('seal-audit-log', { auditWitness: { kind: 'file', path } });
  expect(readFileSync(path, 'utf8')).toMatch(/^\{"number":5,.+\}\n$/);
  await app.sql('delete from audit_seals where number = 5');
  await app.sql('delete from audit_events where id = ?', [id]);
  expect(await log.verify()).toMatchObject({ code: 0 });
  const variables = { AUDIT_WITNESS: `file://${path}` };
  const problem = 'the witness has seen seals up to 5';
  expect((await log.verify('', variables)).findings).toEqual([{ seal: 5, problem }]);
  await log.insert(eventId(Date.now(), 99));
  await log.runJob('seal-audit-log');
  expect((await log.verify(`--witness ${path}`)).findings).toMatchObject([
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
  await log.runJob('witness-audit-log', witness);
  const basic = Buffer.from('ada:p@ss').toString('base64');
  expect(requests).toEqual([
    expect.stringMatching(`^PUT /logs/4.json Basic ${basic} {"number":4,`),
  ]);
  await log.runJob('witness-audit-log', witness);
  expect(app.logLines.at(-1)).toContain('the witness answered 507');

  const mails: Mail[] = [];
  const mailer = { send: async (mail: Mail) => void mails.push(mail) };
  const byMail = { auditWitness: { kind: 'mail', address: 'audit@example.com' } };
  await log.runJob('witness-audit-log', byMail, mailer);
  await log.runJob('mail-audit-checkpoint', byMail, mailer);
  expect(mails).toMatchObject([
    { to: { address: 'audit@example.com' }, text: requests[0]?.replace(/^[^{]+/, '').concat('\n') },
  ]);
});

it('tells pruned events from missing ones', async () => {
  const old = [eventId(Date.now() - 200 * DAY, 1), eventId(Date.now() - 199 * DAY, 2)];
  for (const id of old) await log.insert(id);
  const stray = 'd19a2b5e-5f41-4d86-9b02-e6714ac8d35f';
  await log.insert(stray);
  await app.sql('update audit_events set created_at = ? where id = ?', [new Date(0), stray]);
  await log.runJob('seal-audit-log');
  const before = new Date(Date.now() - 90 * DAY).toISOString();
  const prune = (words: string) => command(app, 'audit', `prune --before ${before} ${words}`);
  expect((await prune('')).output).toContain('Would delete');
  expect((await log.verify()).rows.verified).toBe(15);

  expect((await prune('--yes')).output).toContain('other rows: 3');
  expect(await log.verify()).toMatchObject({ code: 0, rows: { verified: 12 } });
  expect((await prune('')).output).toContain('No events from before');
  await app.sql('delete from audit_events where id = ?', [log.ids[0]]);
  expect((await log.verify()).findings).toMatchObject([{ row: log.ids[0] }]);
});

it('refuses to prune without a time while events are kept forever', async () => {
  const { code, output } = await command(app, 'audit', 'prune --yes');
  expect([code, output]).toEqual([1, expect.stringContaining('Add --before')]);
});

it('exports events by time and name as JSON Lines, oldest first', async () => {
  await log.insert(eventId(Date.UTC(2026, 0, 1), 1));
  const lines = async (words: string) => {
    const { output } = await command(app, 'audit', `export ${words}`);
    return output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  };
  expect((await lines('')).map(({ id }) => id).slice(1)).toEqual(log.ids);
  expect(await lines('--from 2026-01-01 --to 2026-01-01T00:00:00Z')).toMatchObject([
    { event: 'LOGGED_OUT', email: 'ada@example.com', metadata: { a: { b: 1 } } },
  ]);
  expect(await lines('--from 2026-01-02')).toHaveLength(12);
  expect(await lines('--event logged_out --to 2026-01-02')).toHaveLength(1);
  expect(await lines('--event LOGIN_FAILED')).toEqual([]);
  expect((await command(app, 'audit', 'export --event OTHER')).code).toBe(2);
  expect((await command(app, 'audit', 'export --from 2026-13-01')).code).toBe(2);
});
