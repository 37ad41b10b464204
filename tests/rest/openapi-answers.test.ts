import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { INVALID_METADATA, TOO_LONG } from '#src/administration/user-inputs.ts';
import {
  FACTOR_NOT_FOUND,
  LAST_ADMIN,
  NO_FACTORS,
  NO_NEW_TOTP,
  OTHER_ADDRESS,
  OWN_ADDRESS,
  PASSKEY_NOT_FOUND,
  RECENT_CHANGE,
  USER_EXISTS,
  WEBHOOK_NOT_FOUND,
} from '#src/errors/auth-error.ts';
import { describeSelection } from '#src/graphql/describe-selection.ts';
import { cookieModeFaults } from '#src/http/cookie-mode.ts';
import { INVALID_PASSKEY_ID } from '#src/passkeys/passkey-inputs.ts';
import { EXAMPLE_URL } from '#src/rest/openapi/example.ts';
import { describeApi } from '#src/rest/openapi/openapi-document.ts';
import { INVALID_DEVICE_ID } from '#src/trusted-devices/trusted-device-inputs.ts';
import { UNKNOWN_TYPE } from '#src/webhooks/webhook-inputs.ts';
import { undoSecretsOf } from '../support/address-changes.ts';
import { Administrator, idOf } from '../support/administrator.ts';
import { insertKey } from '../support/api-key.ts';
import { useApp } from '../support/app.ts';
import { Authenticator, type CeremonyOptions } from '../support/authenticator.ts';
import { FactorOwner, insertFactor, removeFactors } from '../support/factor-owner.ts';
import { failEveryStatement } from '../support/failing-statements.ts';
import { Person } from '../support/flow.ts';
import { withoutHint } from '../support/limit-hint.ts';
import { ORIGIN, PasskeyOwner } from '../support/passkeys.ts';
import type { Answer } from '../support/request.ts';
import { insertTrustedDevice } from '../support/trusted-browser.ts';
import { insertDelivery, insertWebhook } from '../support/webhook.ts';
import {
  DocumentedApi,
  exampleBody,
  type Operation,
  type Problem,
  typed,
} from './documented-api.ts';

const limit = '6/600';
const app = useApp({
  // One session meets every refusal.
  LIMIT_SESSION_WRONG_PASSWORDS: '1000',
  TRUSTED_DEVICE_DAYS: '30',
  LIMIT_REGISTER: limit,
  LIMIT_LOGIN: limit,
  LIMIT_CODE_REQUESTS: limit,
  LIMIT_VERIFY_OTP: limit,
  LIMIT_RESET_PASSWORD: limit,
  LIMIT_REFRESH: limit,
  LIMIT_CHANGE_PASSWORD: limit,
  LIMIT_ADMIN: limit,
  LIMIT_STEP_UP: limit,
  LIMIT_EXPORT: limit,
  LIMIT_CONFIRM_EMAIL: limit,
  LIMIT_UNDO_EMAIL: limit,
  LIMIT_FACTORS: limit,
  LIMIT_VERIFY_FACTOR: limit,
  LIMIT_PASSKEY_OPTIONS: limit,
  LIMIT_PASSKEY_SIGN_IN: limit,
  LIMIT_PASSKEY_CHANGES: limit,
  LIMIT_CHANGE_EMAIL: '3/600',
  LIMIT_MAILED_CODES: '5/600',
});
const api = new DocumentedApi(describeApi(describeSelection));

interface Sent {
  readonly body?: unknown;
  /** For the path, where not that of the example. */
  readonly id?: string | undefined;
  readonly query?: Record<string, string>;
  readonly token?: string | undefined;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

function send(operation: Operation, { from }: Person, sent: Sent): Promise<Answer> {
  const { method, parameters = [] } = operation;
  const { body, query, token, headers, type = 'application/json' } = sent;
  const inPath = parameters.find((parameter) => parameter.in === 'path');
  const path = operation.path.replace('{id}', sent.id ?? String(inPath?.schema.examples[0]));
  return app.fetch(query ? `${path}?${new URLSearchParams(query)}` : path, {
    method: method.toUpperCase(),
    from,
    headers: {
      ...(body !== undefined && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

const isAdministration = ({ path }: Operation) => path.startsWith('/api/v1/admin/');
const takesToken = ({ security }: Operation) => security.some((way) => 'bearer' in way);

const queryOf = ({ parameters = [] }: Operation) =>
  parameters.filter((parameter) => parameter.in === 'query');

/** All parameters with their first example, and then each example alone. */
function queriesOf(operation: Operation): Record<string, string>[] {
  const all = queryOf(operation).map(({ name, schema }) => [name, String(schema.examples[0])]);
  const each = queryOf(operation).flatMap(({ name, schema }) =>
    schema.examples.map((example) => ({ [name]: String(example) })),
  );
  return [Object.fromEntries(all), ...each];
}

/** Members that an example cannot know, because they are generated or counted. */
const momentary = new Set([
  ...['access', 'refresh', 'challenge_id', 'id', 'ids', 'created_at', 'last_login_at'],
  ...['disabled_at', 'count', 'next', 'previous', 'results', 'retry_after', 'unlock_in'],
  ...['proofs', 'factors', 'exported_at', 'account', 'sessions', 'known_clients', 'email_changes'],
  ...['hours', 'days', 'waiting', 'failed', 'uri', 'qr_code', 'recovery_codes'],
  ...['options', 'rp_id', 'user_id', 'passkeys', 'credential_id', 'trusted_devices'],
  ...['audit_events', 'webhook_id', 'message_id', 'due_at', 'attempted_at', 'ended_at'],
  ...[
    'secret',
    'locks',
    'counts',
    'api_keys',
    'key',
    'start',
    'created_by',
    'expires_at',
    'last_used_at',
  ],
]);

const lasting = (body: object) =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !momentary.has(name)));

const asPage = (body: object): object => (Array.isArray(body) ? { results: body } : body);

/** Members that depend on the moment. */
type Live = Partial<
  Record<'access' | 'refresh' | 'challenge_id' | 'otp' | 'secret' | 'totp', string | undefined>
> & {
  /** Options for an authenticator, and what it has made of them. */
  readonly options?: CeremonyOptions;
  readonly credential?: object;
};

const authenticator = new Authenticator(ORIGIN);

/** Responds to options as a browser does: those of a registration name a user. */
const respondTo = (options: CeremonyOptions): object =>
  options.user ? authenticator.create(options) : authenticator.get(options);

/** The example of a request, with the code, challenge id and tokens of the moment. */
function requestOf(operation: Operation, live: Live): Sent {
  const example = exampleBody(operation);
  const fresh = Object.entries(live).filter(([name]) => example && name in example);
  return {
    ...(example && { body: { ...example, ...Object.fromEntries(fresh) } }),
    ...(takesToken(operation) && { token: live.access }),
  };
}

/** Expects the success of the example; returns its body, a list as that of a page. */
function expectSuccess(operation: Operation, answer: Answer): Live & { results?: unknown[] } {
  expect(api.misfits(operation, answer)).toEqual([]);
  const [[status, { content }] = ['', { content: {} }]] = Object.entries(operation.responses);
  const body = asPage(JSON.parse(answer.text));
  const example = asPage(content['application/json']?.example ?? {});
  expect([String(answer.status), lasting(body)]).toEqual([status, lasting(example)]);
  return body;
}

/** Tokens that are good: those of before, or new ones. */
async function signedIn(ada: Person, live: Live): Promise<Live> {
  if (live.access && (await ada.me(live.access)).data?.me) return live;
  await app.runtime.rateLimits.clear(ada.email);
  // From another client, which has limits of its own.
  const { accessToken, refreshToken } = await new Person(app, ada.email).signIn();
  return { ...live, access: accessToken, refresh: refreshToken };
}

/** Sets the time of the step-up in every session. */
const stepUpAll = (at: Date | null = app.clock.now()) =>
  app.sql('update sessions set stepped_up_at = ?', [at]);

/** The id that the path wants: of a user, or of a second session of the same account. */
async function idFor(operation: Operation, ada: Person): Promise<string | undefined> {
  if (!operation.path.includes('{id}')) return undefined;
  if (operation.path.includes('/api-keys/')) return insertKey(app);
  if (operation.path.includes('/deliveries/{id}')) return insertDelivery(app);
  if (operation.path.includes('/webhooks/')) return webhookWithDelivery();
  if (operation.path.includes('/passkeys/')) return passkeyOf(ada);
  if (operation.path.includes('/trusted-devices/')) return insertTrustedDevice(app, ada);
  return isAdministration(operation) ? idOf(app, ada) : sessionElsewhere(ada);
}

async function passkeyOf({ email }: Person): Promise<string | undefined> {
  const [passkey] = await app.sql<{ id: string }>(
    'select p.id from passkeys p join accounts a on a.id = p.account_id where a.email = ?',
    [email],
  );
  return passkey?.id;
}

async function webhookWithDelivery(): Promise<string> {
  const id = await insertWebhook(app);
  await insertDelivery(app, id);
  return id;
}

async function sessionElsewhere(ada: Person): Promise<string> {
  const { accessToken } = await new Person(app, ada.email).signIn();
  const { data } = await ada.sessions(accessToken);
  return data?.sessions.find(({ current }) => current)?.id ?? '';
}

/** Makes what an example shows, and room for the user that it creates. */
async function beforeExample({ operationId }: Operation, { email }: Person): Promise<void> {
  const speak = "update accounts set locale = 'pt-BR' where email = ?";
  if (operationId === 'me') await app.sql(speak, [email]);
  if (operationId === 'apiKeys') await insertKey(app);
  if (operationId === 'webhooks') await insertWebhook(app);
  if (operationId === 'trustedDevices') await insertTrustedDevice(app, { email });
  if (operationId === 'createUser') await app.sql('delete from accounts where email = ?', [email]);
  if (needFactor.has(operationId)) await insertFactor(app, email);
}

/** Examples about an account with an authenticator app. */
const needFactor = new Set(['factors', 'removeTotp', 'resetUserFactors']);

/** Completes what the example of a factor needs. */
async function factorOf({ operationId }: Operation, ada: Person, live: Live): Promise<Live> {
  const owner = new FactorOwner(app, 'GraphQL', { email: ada.email });
  if (operationId === 'verifyFactor') {
    owner.secret = await insertFactor(app, ada.email);
    return { ...live, challenge_id: (await owner.redeem()).challengeId, totp: owner.totp() };
  }
  if (operationId === 'confirmTotp') {
    owner.token = live.access ?? '';
    owner.secret = String((await owner.ask('enrollTotp')).members.secret);
    return { ...live, totp: owner.totp() };
  }
  if (operationId !== 'undoFactorChange') return live;
  await app.mailsDelivered();
  return { ...live, secret: owner.undoSecrets()[0] };
}

/** Makes the user that an example created like that of all examples. */
async function afterExample({ operationId }: Operation, { email }: Person): Promise<void> {
  if (needFactor.has(operationId) || operationId === 'verifyFactor')
    await removeFactors(app, email);
  if (operationId === 'undoFactorChange') {
    await app.sql("update accounts set password_hash = 'x' where email = ?", [email]);
  }
  if (operationId !== 'createUser') return;
  await app.sql(
    `update accounts set email_verified_at = now(), password_hash = 'x', last_login_at = now(),
       locale = 'pt-BR' where email = ?`,
    [email],
  );
}

/** Whose mailbox gets the code. */
const mailboxOf = ({ operationId }: Operation, ada: Person) =>
  operationId === 'changeEmail' ? new Person(app, 'ada.lovelace@example.com') : ada;

/** Keeps what later requests need of a response. */
function next(live: Live, body: Live): Live {
  const { access, refresh, challenge_id } = { ...live, ...body };
  const credential = body.options ? respondTo(body.options) : live.credential;
  return { access, refresh, challenge_id, ...(credential && { credential }) };
}

// One after the other: each needs what those before it have done.
it('responds to each example request as documented', async () => {
  const ada = new Person(app, 'ada@example.com');
  let live: Live = {};
  for (const operation of api.rest) {
    const isOwn = takesToken(operation) && !isAdministration(operation);
    if (isOwn || exampleBody(operation)?.refresh) live = await signedIn(ada, live);
    await stepUpAll();
    const id = await idFor(operation, ada);
    const token = isAdministration(operation) && { token: administrator.token };
    if (queryOf(operation).length > 0) {
      await app.eventually(async () => (await ada.events()).length > 5);
    }
    const mailbox = mailboxOf(operation, ada);
    // Each from a client of its own, whose limits are unused.
    const caller = isAdministration(operation) ? new Person(app) : mailbox;
    await beforeExample(operation, ada);
    live = await factorOf(operation, ada, live);
    for (const query of queriesOf(operation)) {
      const codes = mailbox.codes().length;
      const request = { ...requestOf(operation, live), ...token, id, query };
      const body = expectSuccess(operation, await send(operation, caller, request));
      expect(body.results).not.toEqual([]);
      const otp = body.challenge_id ? await mailbox.code(codes + 1) : live.otp;
      live = { ...next(live, body), otp, secret: undoSecretsOf(ada).at(-1) };
    }
    await afterExample(operation, ada);
  }
});

const refusals = api.rest.flatMap((operation) =>
  Object.values(operation.responses).flatMap(({ content }) =>
    Object.values(content['application/problem+json']?.examples ?? {}).map(({ value }) => ({
      operation,
      problem: value,
      title: `${operation.operationId}: ${value.status} ${value.detail}`,
    })),
  ),
);

const signedInPerson = new Person(app);
let administrator: Administrator;
let administratorId: string;
let somebodyId: string;
let somebody: { accessToken: string; refreshToken: string };
beforeAll(async () => {
  somebody = await signedInPerson.signIn();
  administrator = await Administrator.create(app);
  administratorId = await idOf(app, administrator);
  somebodyId = await idOf(app, signedInPerson);
});

it.each(refusals)('rejects as documented, $title', async ({ operation, problem }) => {
  const ada = new Person(app);
  let request = await refusedRequest(operation, problem, ada);
  let body: Problem;
  let tries = 0;
  do {
    const answer = await send(operation, ada, request);
    expect(api.misfits(operation, answer)).toEqual([]);
    body = JSON.parse(answer.text);
    body = { ...body, detail: withoutHint(body.detail) };
    tries += 1;
    // Five wrong current passwords have ended the session: another one meets the lock.
    if (body.code === 'UNAUTHENTICATED' && body.detail !== problem.detail) {
      somebody = await signedInPerson.signIn();
      request = { ...request, token: somebody.accessToken };
    }
  } while (body.detail !== problem.detail && tries < 8);
  const type = problem.type.replace(EXAMPLE_URL, app.url);
  expect(lasting(typed(body))).toEqual(lasting({ ...problem, type }));
});

/**
 * Changes that make a request fail with this text. Other requests are only repeated: the
 * password of somebody who has none is always wrong.
 */
const faults: Record<string, Sent> = {
  'JSON parse error': { body: '{' },
  'The request body is too large.': { body: ' '.repeat(100_001) },
  'Unsupported media type in request. Send JSON with the header Content-Type: application/json.': {
    type: 'text/plain',
  },
  'Authentication credentials were not provided.': { token: undefined },
  'Given token not valid for any token type. Refresh the access token, or sign in again.': {
    token: 'not.a.token',
  },
  [cookieModeFaults.origin]: {
    headers: { 'gatehouse-session': 'cookie', origin: 'https://evil.test' },
  },
  'Invalid page.': { query: { page: '99' } },
  'Enter a valid date/time.': { query: { from_date: 'yesterday' } },
  'This field is required.': { body: {} },
  'The password is wrong.': { body: { password: 'not-the-password' } },
  'Not a valid session ID.': { id: 'x'.repeat(101) },
  [INVALID_PASSKEY_ID]: { id: 'x'.repeat(101) },
  [INVALID_DEVICE_ID]: { id: 'x'.repeat(101) },
  [UNKNOWN_TYPE]: { body: { url: 'https://example.com/webhooks', events: ['nothing'] } },
  [TOO_LONG]: { id: 'x'.repeat(255) },
  [INVALID_METADATA]: { body: { metadata: { text: 'x'.repeat(4097) } } },
  'Must be one of the allowed values.': { body: { role: 'NONE' } },
  'Must be from 1 to 100.': { query: { first: '0' } },
};

const tokenFor = (operation: Operation, { code, detail }: Problem) =>
  isAdministration(operation) !== (code === 'FORBIDDEN' && detail !== RECENT_CHANGE)
    ? administrator.token
    : somebody.accessToken;

/** Sets `REQUIRE_MFA` until the end of the test. */
function requireFactor(): void {
  const { config } = app.runtime;
  Object.assign(app.runtime, { config: { ...config, requireMfa: 'all' } });
  onTestFinished(() => void Object.assign(app.runtime, { config }));
}

/** Makes the address of somebody one that has just changed. */
const changeRecently = () =>
  app.sql(
    `insert into email_changes (account_id, step, old_email, new_email, created_at)
     values (?, 'CHANGED', 'old@example.com', 'new@example.com', now())`,
    [somebodyId],
  );

/** Refusals that only a session with a step-up meets. */
const needSteppedUp = new Set([
  ...[LAST_ADMIN, OWN_ADDRESS, RECENT_CHANGE, WEBHOOK_NOT_FOUND],
  ...[FACTOR_NOT_FOUND, NO_NEW_TOTP],
  PASSKEY_NOT_FOUND,
]);
const MANY_CHANGES = 'changeEmail Too many requests for this email';

async function prepareSessions({ operationId }: Operation, text: string): Promise<void> {
  const isSteppedUp = needSteppedUp.has(text) || `${operationId} ${text}` === MANY_CHANGES;
  await stepUpAll(isSteppedUp ? undefined : null);
  // A session that has just begun needs no step-up to change passkeys.
  await app.sql("update sessions set created_at = created_at - interval '1 hour'");
  if (text === RECENT_CHANGE) await changeRecently();
  await removeFactors(app, signedInPerson.email);
}

/** The example of a request, changed so that this is what it meets. */
async function refusedRequest(operation: Operation, problem: Problem, ada: Person): Promise<Sent> {
  const { code, detail, errors } = problem;
  const example = exampleBody(operation);
  const [text = detail] = Object.values(errors ?? {}).flat();
  const wrong = Object.keys(errors ?? {}).map((field) => [field, []]);
  const outage = outages[code];
  await prepareSessions(operation, text);
  if (code === 'ENROLLMENT_REQUIRED') requireFactor();
  if (code === 'STEP_UP_REQUIRED') await insertFactor(app, signedInPerson.email);
  if (outage) await failEverything(outage);
  if (detail === 'Too many requests for this email') await ada.register();
  return {
    ...(takesToken(operation) && { token: tokenFor(operation, problem) }),
    ...(text === LAST_ADMIN && { id: administratorId }),
    ...(text === OTHER_ADDRESS && { id: somebodyId }),
    ...(text === NO_FACTORS && { id: somebodyId }),
    body: example && {
      ...example,
      ...('email' in example && { email: ada.email }),
      ...(await changesFor(problem, text, ada)),
      ...(await oldResponse(operation, problem)),
      ...(outage && 'refresh' in example && { refresh: somebody.refreshToken }),
      // Beside a refresh token, nobody asks for the access token.
      ...(code === 'UNAUTHENTICATED' && { refresh: undefined }),
    },
    ...(text === 'Not a valid string.' && { body: Object.fromEntries(wrong) }),
    ...faults[text],
  };
}

/** Changes of the body that make a request fail with a text. */
async function changesFor({ code }: Problem, text: string, ada: Person): Promise<object> {
  if (text === OWN_ADDRESS) return { new_email: signedInPerson.email };
  if (text === USER_EXISTS) return { email: administrator.email };
  return code === 'MFA_REQUIRED' ? rightCode(ada) : {};
}

/** Mails a code to an account with a factor. */
async function rightCode(ada: Person) {
  await ada.signIn();
  await insertFactor(app, ada.email);
  const { data } = await ada.requestOtp();
  return { otp: await ada.code(2), challenge_id: data?.requestOtp.challengeId };
}

/** Returns a response of a passkey that somebody has, to a challenge of nobody. */
async function oldResponse({ operationId }: Operation, { code }: Problem): Promise<object> {
  if (operationId !== 'signInWithPasskey' || !/^(INVALID_CREDENTIALS|LOCKED)$/.test(code))
    return {};
  const owner = await PasskeyOwner.create(app);
  return { credential: owner.authenticator.get({ challenge: 'AAAA', rpId: 'localhost' }) };
}

/** Fails statements, and the limit of options for a sign-in, which need Redis only. */
async function failEverything(error: Error): Promise<void> {
  await failEveryStatement(app, error);
  const { passkeyOptions } = app.runtime.clientRateLimits;
  const consume = vi.spyOn(passkeyOptions, 'consume').mockRejectedValue(error);
  onTestFinished(() => consume.mockRestore());
}

const outages: Record<string, Error> = {
  INTERNAL_SERVER_ERROR: new Error('a fault'),
  UNAVAILABLE: Object.assign(new Error('away'), { code: '57P01' }),
};
