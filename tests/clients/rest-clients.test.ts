import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@hey-api/openapi-ts';
import postman from 'openapi-to-postmanv2';
import openapiTS, { astToString } from 'openapi-typescript';
import { generate } from 'orval';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stepAt, totpCode } from '../../src/factors/totp-codes.ts';
import { bytesOf } from '../support/base32.ts';
import { compile } from './compile.ts';
import { codeOf, newAddress, PASSWORD, serviceUrl, signIn, signInAdmin } from './service.ts';

const directory = join(import.meta.dirname, '.generated/rest');
const file = join(directory, 'openapi.json');

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
}

interface OpenApi {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let document: OpenApi;
let operations: readonly Operation[];

beforeAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(join(directory, 'openapi-typescript'), { recursive: true });
  const text = await (await fetch(`${serviceUrl}/openapi.json`)).text();
  writeFileSync(file, text);
  document = JSON.parse(text);
  operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

  const types = astToString(await openapiTS(new URL(`file://${file}`)));
  writeFileSync(join(directory, 'openapi-typescript/schema.ts'), types);
  await createClient({
    input: file,
    output: join(directory, 'hey-api'),
    logs: { level: 'silent' },
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  });
  await generate({
    input: file,
    output: { target: join(directory, 'orval/api.ts'), client: 'fetch' },
  });
});

it('names the address of the service in the OpenAPI document, so that a client needs no base URL', () => {
  expect(document.servers.map(({ url }) => url)).toEqual([serviceUrl]);
});

it('generates types that narrow errors, with openapi-typescript, openapi-fetch, orval and hey-api', async () => {
  expect(await compile(join(import.meta.dirname, 'usage'))).toBe('');
});

it('converts the OpenAPI document to a Postman collection with each operation at the address of the service', async () => {
  const collection = await new Promise<Collection>((resolve, reject) => {
    const data = document as never;
    postman.convert({ type: 'json', data }, {}, (error, answer) => {
      if (error || !answer?.result) reject(error ?? new Error(String(answer?.reason)));
      else resolve(answer.output?.[0]?.data as unknown as Collection);
    });
  });
  expect(collection.variable).toContainEqual(
    expect.objectContaining({ key: 'baseUrl', value: serviceUrl }),
  );
  const requests = requestsIn(collection);
  expect(requests).toHaveLength(operations.length);
  expect(requests.filter(({ url }) => url.host[0] !== '{{baseUrl}}')).toEqual([]);
  const bodies = operations.filter(({ requestBody }) => requestBody);
  expect(requests.filter(({ body }) => body)).toHaveLength(bodies.length);
});

interface Collection extends Item {
  readonly variable: readonly object[];
}
interface Item {
  readonly item?: readonly Item[];
  readonly request?: PostmanRequest;
}
interface PostmanRequest {
  readonly url: { readonly host: readonly string[] };
  readonly body?: object;
}
const requestsIn = ({ item = [], request }: Item): PostmanRequest[] => [
  ...(request ? [request] : []),
  ...item.flatMap(requestsIn),
];

let stopPrism: () => void = () => undefined;
afterAll(() => stopPrism());

/** Starts Prism, which refuses requests and answers that the document does not allow. */
async function startPrism(): Promise<string> {
  const port = await freePort();
  const command = join(import.meta.dirname, 'node_modules/@stoplight/prism-cli/dist/index.js');
  const prism = spawn(
    process.execPath,
    [command, 'proxy', file, serviceUrl, '--errors', '-p', String(port)],
    { stdio: 'ignore' },
  );
  stopPrism = () => void prism.kill('SIGKILL');
  const url = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(100)) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return url;
  }
  throw new Error('Prism did not start in 30 s');
}

function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  return new Promise((resolve) => {
    server.once('listening', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

interface Result {
  readonly data?: Record<string, string>;
  readonly error?: { readonly code?: string };
  readonly response: Response;
}
type Sdk = Readonly<Record<string, (options: object) => Promise<Result>>>;

it('matches every response to the OpenAPI document, with Prism as a validating proxy', async () => {
  const baseUrl = await startPrism();
  const sdk = (await import(join(directory, 'hey-api/sdk.gen.ts'))) as Sdk;
  const called = new Set<string>();
  const call: Call = async (operation, options = {}, token) => {
    called.add(operation);
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const { data, error, response } =
      (await sdk[operation]?.({ baseUrl, headers, ...options })) ?? {};
    if (!response) throw new Error(`the client has no ${operation}`);
    return { data: data ?? {}, outcome: error?.code ?? response.status };
  };
  const email = newAddress();
  const password = PASSWORD;
  let codes = 0;
  const nextCode = () => codeOf(email, ++codes);
  const post = (operation: string, body: object, token?: string) =>
    call(operation, { body }, token);

  const registered = await post('register', { email, password });
  expect(registered.outcome).toBe(201);
  if (registered.data.challenge_id) await nextCode();
  expect((await post('register', { email: newAddress(), password: 'password1' })).outcome).toBe(
    'BAD_USER_INPUT',
  );
  expect((await post('login', { email, password: 'wrong-lantern-73' })).outcome).toBe(
    'INVALID_CREDENTIALS',
  );
  const { challenge_id } = (await post('login', { email, password })).data;
  const otp = await nextCode();
  const first = await post('verifyLoginOtp', { email, otp, challenge_id });
  expect(first.outcome).toBe(200);

  await post('requestOtp', { email });
  const second = (await post('verifyOtp', { email, otp: Number(await nextCode()) })).data;
  expect((await post('verifyOtp', { email, otp: '000000' })).outcome).toBe('INVALID_OTP');
  expect((await call('me', {}, second.access)).data.email).toBe(email);
  expect((await call('me', {}, 'not.a.token')).outcome).toBe('UNAUTHENTICATED');
  const names = { first_name: 'Ada', last_name: null };
  expect((await post('updateProfile', names, second.access)).outcome).toBe(200);
  const sessions = (await call('sessions', {}, second.access)).data as unknown as Session[];
  const other = sessions.find(({ current }) => !current);
  const ended = await call('revokeSession', { path: { id: other?.id } }, second.access);
  expect(ended.data.ids).toEqual([other?.id]);
  expect((await call('revokeSession', { path: { id: 'none' } }, second.access)).outcome).toBe(
    'NOT_FOUND',
  );
  expect((await call('revokeOtherSessions', {}, second.access)).data.ids).toEqual([]);
  const query = { event: 'OTP_VERIFIED', from_date: '2026-01-01', page_size: 5 };
  expect((await call('auditLogs', { query }, second.access)).outcome).toBe(200);
  const change = { current_password: password, new_password: 'amber-compass-91' };
  expect((await post('changePassword', change, second.access)).outcome).toBe(200);
  const third = await post('refreshTokens', { refresh: second.refresh });
  expect(third.outcome).toBe(200);
  expect((await post('refreshTokens', { refresh: 'none' })).outcome).toBe('INVALID_TOKEN');
  expect((await post('logout', { refresh: third.data.refresh })).outcome).toBe(200);

  const forgotten = (await post('forgotPassword', { email })).data;
  const reset = { email, otp: await nextCode(), password, challenge_id: forgotten.challenge_id };
  expect((await post('resetPassword', reset)).outcome).toBe(200);
  await administer(call);
  await exportAndDelete(call);
  await changeAddress(call);
  await useFactors(call);
  await usePasskeys(call);
  for (const operation of ['jwks', 'healthz', 'readyz']) {
    expect((await call(operation)).outcome).toBe(200);
  }
  // Clients for OAuth call the other endpoints, in `oauth.test.ts`.
  const named = operations.map(({ operationId }) => operationId);
  const wanted = named.filter((name) => !/^(oauth|openid)/.test(name));
  expect([...called].sort()).toEqual(wanted.sort());
});

type Call = (operation: string, options?: object, token?: string) => Promise<Outcome>;
interface Outcome {
  readonly data: Record<string, string>;
  readonly outcome: unknown;
}

/** Calls the operations of administrators. */
async function administer(call: Call): Promise<void> {
  const { access, email: own } = await signInAdmin();
  const email = newAddress();
  const body = { email, metadata: { plan: 'team' } };
  const created = await call('createUser', { body }, access);
  expect(created.outcome).toBe(201);
  const path = { id: created.data.id };
  const calls: Record<string, object> = {
    users: { query: { email } },
    user: { path },
    setUserRole: { path, body: { role: 'ADMIN' } },
    setUserMetadata: { path, body: { metadata: {} } },
    disableUser: { path },
    enableUser: { path },
    unlockUser: { path },
    revokeUserSessions: { path },
    deleteUser: { path, body: { email } },
  };
  for (const [operation, options] of Object.entries(calls)) {
    expect([operation, (await call(operation, options, access)).outcome]).toEqual([operation, 200]);
  }
  expect((await call('user', { path }, access)).outcome).toBe('NOT_FOUND');
  expect((await call('resetUserFactors', { path }, access)).outcome).toBe('NOT_FOUND');
  await callWithApiKey(call, access, own);
  await watch(call, access);
  expect((await call('users', {}, (await signIn()).access)).outcome).toBe('FORBIDDEN');
}

/** Calls the operations on API keys, and one with a key. */
async function callWithApiKey(call: Call, access: string, email: string): Promise<void> {
  await confirmIdentity(call, access, email);
  const body = { name: 'crm', scope: 'READ', expires_in_days: 1 };
  const { outcome, data } = await call('createApiKey', { body }, access);
  expect(outcome).toBe(201);
  expect((await call('users', {}, data.key)).outcome).toBe(200);
  expect((await call('apiKeys', {}, data.key)).outcome).toBe('UNAUTHENTICATED');
  expect((await call('apiKeys', {}, access)).outcome).toBe(200);
  expect((await call('revokeApiKey', { path: { id: data.id } }, access)).outcome).toBe(200);
  expect((await call('users', {}, data.key)).outcome).toBe('UNAUTHENTICATED');
}

/** Calls the operations on webhooks, and those behind the console. */
async function watch(call: Call, access: string): Promise<void> {
  for (const operation of ['eventCounts', 'outbox', 'signingKeys', 'webhooks']) {
    expect([operation, (await call(operation, {}, access)).outcome]).toEqual([operation, 200]);
  }
  const body = { url: 'https://example.com/webhooks', events: ['user.created'] };
  const { outcome, data } = await call('createWebhook', { body }, access);
  expect(outcome).toBe(201);
  const path = { id: data.id };
  const calls: Record<string, object> = {
    updateWebhook: { path, body: { description: 'crm' } },
    rotateWebhookSecret: { path },
    webhookDeliveries: { path, query: { status: 'FAILED' } },
    deleteWebhook: { path },
  };
  for (const [operation, options] of Object.entries(calls)) {
    expect([operation, (await call(operation, options, access)).outcome]).toEqual([operation, 200]);
  }
  expect((await call('redeliver', { path }, access)).outcome).toBe('NOT_FOUND');
}

async function confirmIdentity(call: Call, access: string, email: string): Promise<void> {
  const { challenge_id } = (await call('requestStepUp', {}, access)).data;
  const body = { otp: await codeOf(email, 2), challenge_id };
  expect((await call('stepUp', { body }, access)).outcome).toBe(200);
}

/** Calls the operations that ask for a step-up. */
async function exportAndDelete(call: Call): Promise<void> {
  const { access, email } = await signIn();
  expect((await call('exportMyData', {}, access)).outcome).toBe('STEP_UP_REQUIRED');
  await confirmIdentity(call, access, email);
  expect((await call('exportMyData', {}, access)).outcome).toBe(200);
  expect((await call('deleteMyAccount', {}, access)).outcome).toBe(200);
}

/** Calls the operations that change the address. */
async function changeAddress(call: Call): Promise<void> {
  const { access, email } = await signIn();
  await confirmIdentity(call, access, email);
  const next = newAddress();
  const asked = await call('changeEmail', { body: { new_email: next } }, access);
  expect(asked.outcome).toBe(202);
  const body = { otp: await codeOf(next), challenge_id: asked.data.challenge_id };
  expect((await call('confirmEmailChange', { body }, access)).outcome).toBe(200);
  const secret = { body: { secret: 'x'.repeat(43) } };
  expect((await call('undoEmailChange', secret)).outcome).toBe('INVALID_OTP');
}

interface Session {
  readonly id: string;
  readonly current: boolean;
}

/** Calls the operations on second factors. */
async function useFactors(call: Call): Promise<void> {
  const { access, email } = await signIn();
  await confirmIdentity(call, access, email);
  const enrolled = await call('enrollTotp', {}, access);
  expect(enrolled.outcome).toBe(200);
  // Each code works once, also the next one, which a clock half a minute ahead would show.
  const step = stepAt(new Date());
  const at = (later: number) => totpCode(bytesOf(enrolled.data.secret ?? ''), step + later);
  const calls: readonly (readonly [operation: string, options: object])[] = [
    ['confirmTotp', { body: { totp: at(0) } }],
    ['factors', {}],
    ['stepUp', { body: { totp: at(1) } }],
    ['renewRecoveryCodes', {}],
    ['trustedDevices', {}],
    ['removeTotp', {}],
  ];
  for (const [operation, options] of calls) {
    expect([operation, (await call(operation, options, access)).outcome]).toEqual([operation, 200]);
  }
  const proof = { email, challenge_id: 'none', totp: '000000' };
  expect((await call('verifyFactor', { body: proof })).outcome).toBe('INVALID_OTP');
  const undo = { body: { secret: 'a'.repeat(43) } };
  expect((await call('undoFactorChange', undo)).outcome).toBe('INVALID_OTP');
  const path = { id: '00000000-0000-7000-8000-000000000000' };
  expect((await call('removeTrustedDevice', { path }, access)).outcome).toBe('NOT_FOUND');
}

/** Calls the operations on passkeys, without an authenticator. */
async function usePasskeys(call: Call): Promise<void> {
  const { access } = await signIn();
  expect((await call('passkeySignInOptions')).outcome).toBe(200);
  expect((await call('passkeyRegistrationOptions', {}, access)).outcome).toBe(200);
  expect((await call('passkeyStepUpOptions', {}, access)).outcome).toBe(200);
  const waiting = { body: { challenge_id: 'none' } };
  expect((await call('passkeyFactorOptions', waiting)).outcome).toBe(200);
  expect((await call('passkeys', {}, access)).outcome).toBe(200);
  const path = { id: '00000000-0000-7000-8000-000000000000' };
  const renamed = await call('renamePasskey', { path, body: { name: 'laptop' } }, access);
  expect(renamed.outcome).toBe('NOT_FOUND');
  expect((await call('removePasskey', { path }, access)).outcome).toBe('NOT_FOUND');
  const body = { credential: {} };
  expect((await call('registerPasskey', { body }, access)).outcome).toBe('BAD_USER_INPUT');
  expect((await call('signInWithPasskey', { body })).outcome).toBe('BAD_USER_INPUT');
}
