import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { operations, transports } from './leaks/caller.ts';
import { misplace } from './leaks/misplaced.ts';
import { callOAuth } from './leaks/oauth-calls.ts';
import { breakStores, refuseMails } from './leaks/outages.ts';
import { Secrets } from './leaks/secrets.ts';
import { simulateUser } from './leaks/user-simulation.ts';
import { type Exchange, WatchedApp } from './leaks/watched-app.ts';
import { codeIn, undoSecretIn, unfold } from './support/code-in-mail.ts';
import { Person } from './support/flow.ts';
import { introspectionClients } from './support/oauth.ts';
import { type OwnStores, startMigratedStores } from './support/own-stores.ts';
import { production } from './support/production.ts';
import {
  startTraceCollector,
  type TraceCollector,
  traceVariables,
} from './support/trace-collector.ts';

const secrets = new Secrets();
let stores: OwnStores;
let app: WatchedApp;
let collector: TraceCollector;
let find: (text: string) => string[];
let metrics: string;

/** Everything that can be done with a secret, in good and in bad form, and while things are broken. */
beforeAll(async () => {
  stores = await startMigratedStores();
  const { postgres, redis } = stores;
  const QUEUE_REDIS_URL = new URL('/1', redis.url).href;
  const urls = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, QUEUE_REDIS_URL };
  // In development, an error names the field that a developer mistyped.
  collector = await startTraceCollector();
  const others = {
    INTROSPECTION_CLIENTS: introspectionClients,
    TRUSTED_DEVICE_DAYS: '30',
    ...traceVariables(collector.url),
  };
  app = new WatchedApp({ ...production, ...urls, ...others }, secrets);
  await app.start();
  for (const transport of transports) await simulateUser(app, transport, secrets);
  await callOAuth(app, secrets);
  const { accessToken } = await new Person(app).signIn();
  await misplace(app, secrets, accessToken);
  await breakStores(app, stores, secrets);
  await refuseMails(app, secrets);
  const undone = "select 1 from outbox_entries where kind = 'audit' and done_at is null";
  await app.eventually(async () => (await app.sql(undone)).length === 0);
  await app.collect();
  await app.endTraces();
  metrics = (await app.runtime.metrics.print()) + (await app.readWorkerMetrics());
  find = secrets.search();
}, 120_000);

afterAll(async () => {
  await app.stop();
  await stores.close();
  collector.close();
});

it.each(transports)('has called every operation with success and with errors: %s', (transport) => {
  const outcomesOf = (operation: string) =>
    [...app.outcomes].filter((outcome) => outcome.startsWith(`${transport} ${operation} `));
  for (const operation of operations) {
    expect(outcomesOf(operation)).toContain(`${transport} ${operation} done`);
    expect(outcomesOf(operation).length, operation).toBeGreaterThan(1);
  }
  for (const outcome of ['login LOCKED', 'requestOtp RATE_LIMITED', 'register UNAVAILABLE']) {
    expect(outcomesOf(outcome.split(' ')[0] ?? '')).toContain(`${transport} ${outcome}`);
  }
});

const file = (pattern: string) => (): string =>
  globSync(join(stores.directory, pattern))
    .map((path) => readFileSync(path, 'utf8'))
    .join();

/** Places to search, each with a pattern that shows that it was written to. */
const places: [string, () => string, RegExp[]][] = [
  [
    'its log',
    () => app.logLines.join(),
    [/unexpected error/, /PostgreSQL or Redis is unavailable/, /will retry/, /"msg":"request"/],
  ],
  [
    'its traces',
    () => collector.text(),
    [/mutation login/, /SMTP send/, /process audit/, /EAUTH|EENVELOPE/, /insert-entries/],
  ],
  ['its metrics', () => metrics, [/outcome="UNAVAILABLE"/, /gatehouse_mails_total/]],
  ["PostgreSQL's log", file('log/postgres.log'), [/"outbox_entries" does not exist/]],
  ["Redis's log", file('log/redis.log'), [/Ready to accept connections/]],
  ['a table', () => [...app.rows].join('\n'), [/"TOKEN_REUSED"/, /"REFUSED"/, /"payload":"eyJ/]],
  // All that was ever written, in both databases.
  ['Redis', file('redis/**/*.aof'), [/"purpose":"SIGN_IN"/, /\{gatehouse\}:mail/, /SELECT/]],
];

it.each(places)('leaves no password, code or token in %s', (_where, read, written) => {
  const text = read();
  for (const pattern of written) expect(text).toMatch(pattern);
  expect(find(text)).toEqual([]);
});

it.each([
  ['as it is', (text: string) => text],
  ['in hexadecimal', (text: string) => Buffer.from(text).toString('hex')],
  ['in base64', (text: string) => Buffer.from(text).toString('base64')],
])('would find a mailed code that a table has %s', (_form, encode) => {
  const [mailed = ''] = app.mails.received.flatMap(({ raw }) => codeIn(raw) ?? []);
  for (const text of [mailed, `{"otp":"${mailed}"}`, `code=${mailed}&a=1`]) {
    const row = JSON.stringify({ id: 1, payload: encode(text) });
    expect(find([...app.rows, row].join('\n'))).toEqual([expect.stringContaining(mailed)]);
  }
});

it.each([
  ['metrics', () => metrics],
  // But for the loopback address of the mail server, which an operator chose.
  ['traces', () => collector.text().replaceAll('"127.0.0.1"', '')],
])('shows no address and no client in its %s', (_what, read) => {
  expect(read()).not.toMatch(/@|\d+\.\d+\.\d+\.\d+/);
});

const tokenFields = new Set([
  ...['accessToken', 'refreshToken', 'access', 'refresh', 'key', 'secret'],
  ...['access_token', 'refresh_token', 'uri', 'recoveryCodes', 'recovery_codes'],
]);
const asksForTokens =
  /^POST \/api\/v1\/(auth\/(otp\/verify|token\/refresh|passkeys\/sign-in\/verify|passkeys|factors\/(verify|totp|totp\/confirm|recovery-codes))|admin\/(api-keys|webhooks(\/[\w-]+\/rotate-secret)?)) |^POST \/oauth\/token |mutation (VerifyOtp|SignInWithPasskey|RegisterPasskey|VerifyFactor|EnrollTotp|ConfirmTotp|RenewRecoveryCodes|RefreshTokens|CreateApiKey|CreateWebhook|RotateWebhookSecret)\b/;

/** An answer, without the tokens that were asked for. */
function withoutTokens({ request, answer: { headers, text } }: Exchange): string {
  const without = (name: string, value: unknown) => (tokenFields.has(name) ? undefined : value);
  const isAsked = asksForTokens.test(request);
  const body = isAsked ? JSON.stringify(JSON.parse(text, without)) : text;
  const { 'set-cookie': cookies, ...others } = headers;
  return `${JSON.stringify(isAsked ? others : { cookies, ...others })} ${body}`.replaceAll(
    cursors,
    fromBase64,
  );
}

/** Cursors hold times and addresses, whose digits contain codes by chance: they are read decoded. */
const cursors = /(?<=cursor":"|after=|before=)[\w-]+/gi;
const fromBase64 = (cursor: string) => Buffer.from(cursor, 'base64url').toString();

it('repeats no password, code or token in a response', () => {
  const repeating = app.exchanges.filter((exchange) => find(withoutTokens(exchange)).length > 0);
  expect(repeating).toEqual([]);
});

it('mails a code or an undo secret, and no other secret', () => {
  for (const { raw } of app.mails.received) {
    const own = codeIn(raw) ?? undoSecretIn(raw) ?? 'no secret';
    expect(find(unfold(raw).replaceAll(own, ''))).toEqual([]);
  }
});

const code = '730914';
const password = 'Wört "73" & 100% <\\>';
const toBase64 = (text: string) => Buffer.from(text).toString('base64url');
const hashOf = (text: string) => createHash('sha256').update(text);

it.each([
  ['in clear', `password=${password}`],
  ['in JSON in JSON', JSON.stringify({ body: JSON.stringify({ password }) })],
  ['in a URL', `/login?password=${encodeURIComponent(password)}`],
  ['in a form', `${new URLSearchParams({ password })}`],
  ['in HTML', '<b>Wört &quot;73&quot; &amp; 100% &lt;\\></b>'],
  ['in base64', Buffer.from(code).toString('base64')],
  ['in base64url, in JSON', toBase64(JSON.stringify({ 'the code': code }))],
  ['in base64url, after one byte', toBase64(`:${code}`)],
  ['in base64url, between two bytes', toBase64(`::${code}::`)],
  ['in base64url, in a longer word', JSON.stringify({ payload: `x.${toBase64(`:${code}`)}` })],
  ['in hexadecimal', Buffer.from(`otp:${code}`).toString('hex')],
  ['hashed without a key', hashOf(code).digest('base64url')],
  ['of a token, its signature', 'Bearer (cut off).c2lnbmF0dXJl'],
])('finds a secret %s', (_form, text) => {
  const own = new Secrets();
  own.add('password', password);
  own.add('code', code);
  own.add('token', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl');
  expect(own.search()(text)).toHaveLength(1);
  expect(own.search()('1730914 and 0.730914 are no codes')).toEqual([]);
});

it.each([
  ['a longer number', `{"at":17${code}00}`],
  ['another longer number', `{"time":1${code}}`],
  ['a fraction', `[0.${code}]`],
  ['a word', `id-x${code}`],
])('takes no code from the digits of %s in base64', (_what, text) => {
  const own = new Secrets();
  own.add('code', code);
  for (const before of ['', ' ', '  ']) expect(own.search()(toBase64(before + text))).toEqual([]);
});

it('takes no code from characters of base64 that also encode other bytes', () => {
  const own = new Secrets();
  own.add('code', code);
  for (const place of [1, 2]) {
    const bytes = Buffer.from(' '.repeat(place) + code);
    // The first bits of the first digit share a character with the byte before it.
    bytes[place] = 0xf7;
    expect(own.search()(bytes.toString('base64'))).toEqual([]);
  }
});
