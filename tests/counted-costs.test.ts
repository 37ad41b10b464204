import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StepUpDocument } from '../client/generated/graphql.ts';
import { type Operation, pairs } from './equivalence/mapping.ts';
import { graphqlTransport, restTransport } from './equivalence/transports.ts';
import { Mover, stepUpAll, undoSecretsOf } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { insertKey, Machine, stepUp } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { Authenticator } from './support/authenticator.ts';
import { type Cost, costOf } from './support/costs.ts';
import { FactorOwner } from './support/factor-owner.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { basic, introspectionClients, postForm, service } from './support/oauth.ts';
import { ORIGIN, PasskeyOwner } from './support/passkeys.ts';
import type { Answer } from './support/request.ts';
import { insertTrustedDevice } from './support/trusted-browser.ts';
import { insertDelivery, insertWebhook } from './support/webhook.ts';

const app = useApp({ INTROSPECTION_CLIENTS: introspectionClients }, { fullHashes: true });

afterEach(() => app.mailsDelivered());

type Input = Record<string, unknown>;
type Tokens = Awaited<ReturnType<Person['signUp']>>;

interface Case {
  /** Steps before the operation. @returns what the input contains besides the address */
  readonly input?: (person: Person, tokens: Tokens) => Promise<Input | undefined> | Input;
  readonly isSignedIn?: true;
  /** The operation is about another user. */
  readonly isAdmin?: true;
  readonly cost: Cost;
}

const cost = (
  statements: number,
  transactions: number,
  redis: number,
  later = 0,
  hashes = 0,
): Cost => ({ statements, transactions, redis, later, hashes });

const withEmail =
  (input: Input = {}) =>
  (person: Person) => ({ email: person.email, ...input });
const NEW = 'amber-compass-91';

async function mailedCode(person: Person, ask: () => Promise<string | undefined>) {
  await app.mailsDelivered();
  const before = person.codes().length;
  const challengeId = await ask();
  return { email: person.email, otp: await person.code(before + 1), challengeId };
}
const signInCode = (person: Person) =>
  mailedCode(person, async () => (await person.requestOtp()).data?.requestOtp.challengeId);
const resetCode = (person: Person) =>
  mailedCode(person, async () => (await person.forgotPassword()).data?.forgotPassword.challengeId);

const steppedUp = async (person: Person, { accessToken: token }: Tokens) => {
  const input = { password: PASSWORD };
  await app.run(StepUpDocument, { input }, { from: person.from, token });
  return undefined;
};

async function enrolledOwner(person: Person, tokens: Tokens): Promise<FactorOwner> {
  await steppedUp(person, tokens);
  const owner = new FactorOwner(app, 'GraphQL', person);
  owner.token = tokens.accessToken;
  await owner.enroll();
  return owner;
}

const passkeyOwner = (person: Person, token: string) =>
  Object.assign(new PasskeyOwner(app, 'GraphQL', new Authenticator(ORIGIN), person), { token });

async function withPasskey(person: Person, { accessToken }: Tokens) {
  const owner = passkeyOwner(person, accessToken);
  const { id } = (await owner.enrol()).answer;
  return { owner, id };
}

const byId = async (person: Person) => ({ id: await idOf(app, person) });

const withId = (input: Input) => async (person: Person) => ({ ...(await byId(person)), ...input });

const ofWebhook =
  (input: Input = {}) =>
  async () => {
    await stepUp(app, administrator);
    return { id: await insertWebhook(app), ...input };
  };

let administrator: Administrator;
beforeAll(async () => {
  administrator = await Administrator.create(app);
});

/** Every operation that succeeds, by a client that the address knows. */
const table: Record<Operation, Case> = {
  me: { isSignedIn: true, cost: cost(1, 0, 0) },
  sessions: { isSignedIn: true, cost: cost(2, 0, 0) },
  passkeys: { isSignedIn: true, cost: cost(3, 0, 0) },
  trustedDevices: { isSignedIn: true, cost: cost(2, 0, 0) },
  removeTrustedDevice: {
    isSignedIn: true,
    input: async (person) => ({ id: await insertTrustedDevice(app, person) }),
    cost: cost(6, 1, 0),
  },
  passkeySignInOptions: { cost: cost(0, 0, 1) },
  passkeyFactorOptions: { input: () => ({ challengeId: '1' }), cost: cost(0, 0, 1) },
  passkeyStepUpOptions: { isSignedIn: true, cost: cost(5, 1, 1) },
  signInWithPasskey: {
    input: async (person, tokens) => {
      const { owner } = await withPasskey(person, tokens);
      return { credential: owner.authenticator.get(await owner.signInOptions()) };
    },
    cost: cost(8, 1, 2, 1),
  },
  passkeyRegistrationOptions: { isSignedIn: true, cost: cost(7, 1, 1) },
  registerPasskey: {
    isSignedIn: true,
    input: async (person, { accessToken }) => {
      const owner = passkeyOwner(person, accessToken);
      return { credential: owner.authenticator.create(await owner.registrationOptions()) };
    },
    cost: cost(17, 1, 1),
  },
  renamePasskey: {
    isSignedIn: true,
    input: async (person, tokens) => ({ id: (await withPasskey(person, tokens)).id, name: 'key' }),
    cost: cost(6, 1, 1),
  },
  removePasskey: {
    isSignedIn: true,
    input: async (person, tokens) => {
      const { id } = await withPasskey(person, tokens);
      await steppedUp(person, tokens);
      return { id };
    },
    cost: cost(18, 1, 1),
  },
  auditLogs: { isSignedIn: true, input: () => ({ page: 1, size: 10 }), cost: cost(2, 0, 0) },
  register: { input: withEmail({ password: PASSWORD }), cost: cost(3, 1, 2, 0, 1) },
  login: { input: withEmail({ password: PASSWORD }), cost: cost(2, 1, 3, 1, 1) },
  requestOtp: { input: withEmail(), cost: cost(2, 1, 2) },
  verifyOtp: { input: signInCode, cost: cost(4, 1, 2, 1) },
  forgotPassword: { input: withEmail(), cost: cost(2, 1, 2) },
  resetPassword: {
    input: async (person) => ({ ...(await resetCode(person)), password: NEW }),
    cost: cost(8, 1, 2, 1, 1),
  },
  refreshTokens: {
    input: (_person, { refreshToken }) => ({ refreshToken }),
    cost: cost(3, 1, 0),
  },
  logout: { input: (_person, { refreshToken }) => ({ refreshToken }), cost: cost(2, 1, 0) },
  changePassword: {
    isSignedIn: true,
    input: () => ({ currentPassword: PASSWORD, newPassword: NEW }),
    cost: cost(12, 1, 2, 1, 2),
  },
  requestStepUp: { isSignedIn: true, cost: cost(6, 1, 2) },
  stepUp: {
    isSignedIn: true,
    input: () => ({ password: PASSWORD }),
    cost: cost(8, 1, 2, 1, 1),
  },
  changeEmail: {
    isSignedIn: true,
    input: async (person, tokens) => {
      await steppedUp(person, tokens);
      return { newEmail: newAddress() };
    },
    cost: cost(8, 1, 3),
  },
  confirmEmailChange: {
    isSignedIn: true,
    input: async (person, { accessToken: token }) => {
      await stepUpAll(app);
      const mover = Object.assign(new Mover(app, person.email, person.from), { token });
      return (await mover.request(newAddress())).confirmation ?? {};
    },
    cost: cost(11, 1, 2, 1),
  },
  undoEmailChange: {
    input: async (person, { accessToken: token }) => {
      await stepUpAll(app);
      const mover = Object.assign(new Mover(app, person.email, person.from), { token });
      await mover.move(newAddress());
      await app.mailsDelivered();
      return { secret: undoSecretsOf(person).at(-1) };
    },
    cost: cost(9, 1, 0),
  },
  deleteMyAccount: { isSignedIn: true, input: steppedUp, cost: cost(9, 1, 0) },
  verifyFactor: {
    input: async (person, tokens) => {
      const owner = await enrolledOwner(person, tokens);
      app.clock.advance({ seconds: 30 });
      const { challengeId } = await owner.redeem();
      return { email: person.email, challengeId, totp: owner.totp() };
    },
    cost: cost(8, 1, 3, 1),
  },
  factors: { isSignedIn: true, cost: cost(5, 0, 0) },
  enrollTotp: { isSignedIn: true, input: steppedUp, cost: cost(6, 1, 1) },
  confirmTotp: {
    isSignedIn: true,
    input: async (person, tokens) => {
      await steppedUp(person, tokens);
      const owner = Object.assign(new FactorOwner(app, 'GraphQL', person), {
        token: tokens.accessToken,
      });
      owner.secret = String((await owner.ask('enrollTotp')).members.secret);
      return { totp: owner.totp() };
    },
    cost: cost(18, 1, 1),
  },
  removeTotp: {
    isSignedIn: true,
    input: async (person, tokens) => void (await enrolledOwner(person, tokens)),
    cost: cost(16, 1, 1),
  },
  renewRecoveryCodes: {
    isSignedIn: true,
    input: async (person, tokens) => void (await enrolledOwner(person, tokens)),
    cost: cost(8, 1, 1),
  },
  undoFactorChange: {
    input: async (person, tokens) => {
      const owner = await enrolledOwner(person, tokens);
      await app.mailsDelivered();
      return { secret: owner.undoSecrets()[0] };
    },
    cost: cost(13, 1, 0),
  },
  exportMyData: { isSignedIn: true, input: steppedUp, cost: cost(15, 1, 2) },
  updateProfile: { isSignedIn: true, input: () => ({ firstName: 'Ada' }), cost: cost(6, 1, 0) },
  revokeSession: {
    isSignedIn: true,
    input: async (person) => {
      await new Person(app, person.email).signIn();
      const { accessToken } = await person.signIn();
      const [one] = (await person.sessions(accessToken)).data?.sessions ?? [];
      return { id: one?.id };
    },
    cost: cost(8, 1, 0),
  },
  revokeOtherSessions: { isSignedIn: true, cost: cost(7, 1, 0) },
  users: { isAdmin: true, input: () => ({ first: 1 }), cost: cost(2, 0, 0) },
  user: { isAdmin: true, input: byId, cost: cost(5, 0, 1) },
  createUser: { isAdmin: true, input: () => ({ email: newAddress() }), cost: cost(6, 1, 0) },
  setUserRole: { isAdmin: true, input: withId({ role: 'ADMIN' }), cost: cost(6, 1, 0) },
  setUserMetadata: {
    isAdmin: true,
    input: withId({ metadata: { plan: 'team' } }),
    cost: cost(6, 1, 0),
  },
  unlockUser: { isAdmin: true, input: byId, cost: cost(5, 1, 1) },
  resetUserFactors: {
    isAdmin: true,
    input: async (person, tokens) => {
      await enrolledOwner(person, tokens);
      return byId(person);
    },
    cost: cost(7, 1, 0),
  },
  revokeUserSessions: { isAdmin: true, input: byId, cost: cost(7, 1, 0) },
  deleteUser: {
    isAdmin: true,
    input: async (person) => ({ ...(await byId(person)), email: person.email }),
    cost: cost(6, 1, 0),
  },
  disableUser: { isAdmin: true, input: byId, cost: cost(7, 1, 0) },
  enableUser: { isAdmin: true, input: byId, cost: cost(4, 1, 0) },
  apiKeys: { isAdmin: true, cost: cost(2, 0, 0) },
  eventCounts: { isAdmin: true, cost: cost(3, 0, 0) },
  outbox: { isAdmin: true, cost: cost(3, 0, 0) },
  signingKeys: { isAdmin: true, cost: cost(3, 0, 0) },
  createApiKey: {
    isAdmin: true,
    input: async () => {
      await stepUp(app, administrator);
      return { name: 'crm', scope: 'READ' };
    },
    cost: cost(10, 1, 0),
  },
  revokeApiKey: {
    isAdmin: true,
    input: async () => ({ id: await insertKey(app) }),
    cost: cost(6, 1, 0),
  },
  webhooks: { isAdmin: true, cost: cost(2, 0, 0) },
  createWebhook: {
    isAdmin: true,
    input: async () => {
      await stepUp(app, administrator);
      return { url: 'https://example.com/hook', events: ['user.created'] };
    },
    cost: cost(8, 1, 0),
  },
  updateWebhook: { isAdmin: true, input: ofWebhook({ description: 'crm' }), cost: cost(7, 1, 0) },
  deleteWebhook: { isAdmin: true, input: ofWebhook(), cost: cost(7, 1, 0) },
  rotateWebhookSecret: { isAdmin: true, input: ofWebhook(), cost: cost(7, 1, 0) },
  webhookDeliveries: { isAdmin: true, input: ofWebhook(), cost: cost(3, 0, 0) },
  redeliver: {
    isAdmin: true,
    input: async () => ({ id: await insertDelivery(app) }),
    cost: cost(7, 1, 0),
  },
};

it('has a row for every operation of the schema', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const types = [schema.getQueryType(), schema.getMutationType()];
  const fields = types.flatMap((type) => Object.keys(type?.getFields() ?? {}));
  expect(Object.keys(table).sort()).toEqual(fields.sort());
});

const transports = { GraphQL: graphqlTransport, REST: restTransport };
const way = { path: 0, finalSlash: false, numericCode: false };

describe.each(Object.entries(transports))('over %s', (_name, transport) => {
  it.each(Object.entries(table) as [Operation, Case][])(
    'costs exactly what the table says: %s',
    async (operation, { input, isSignedIn, isAdmin, cost: expected }) => {
      const person = new Person(app);
      const tokens = await person.signUp();
      const given = await input?.(person, tokens);
      const bearer = isAdmin ? administrator.token : isSignedIn ? tokens.accessToken : undefined;
      const call = { operation, from: person.from, userAgent: '', input: given, bearer, way };
      const status: number[] = [];
      const ask = async () => void status.push((await transport(app.url, call)).status);
      expect(await costOf(app, ask)).toEqual(expected);
      expect(status).toEqual([pairs[operation].status]);
    },
  );
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** The OAuth endpoints: introspection and verification cost what `me` costs. */
const oauth: Record<string, { ask: (tokens: Tokens) => Promise<Answer>; cost: Cost }> = {
  'introspect, access token': {
    ask: ({ accessToken: token }) => postForm(app, 'introspect', { token }, { headers: basic() }),
    cost: table.me.cost,
  },
  'introspect, refresh token': {
    ask: ({ refreshToken: token }) => postForm(app, 'introspect', { token }, { headers: basic() }),
    cost: table.me.cost,
  },
  'introspect, forged token': {
    ask: ({ accessToken }) =>
      postForm(app, 'introspect', { token: `${accessToken}x` }, { headers: basic() }),
    cost: cost(0, 0, 0),
  },
  'introspect, wrong secret': {
    ask: ({ accessToken: token }) => {
      const headers = basic({ ...service, secret: 'wrong' });
      return postForm(app, 'introspect', { token }, { headers });
    },
    cost: cost(0, 0, 0),
  },
  verify: {
    ask: ({ accessToken }) => app.fetch('/oauth/verify', bearer(accessToken)),
    cost: table.me.cost,
  },
  token: {
    ask: ({ refreshToken: refresh_token }) =>
      postForm(app, 'token', { grant_type: 'refresh_token', refresh_token }),
    cost: table.refreshTokens.cost,
  },
  'revoke, refresh token': {
    ask: ({ refreshToken: token }) => postForm(app, 'revoke', { token }),
    cost: table.logout.cost,
  },
  'revoke, access token': {
    ask: ({ accessToken: token }) => postForm(app, 'revoke', { token }),
    cost: cost(3, 1, 0),
  },
};

it.each(Object.entries(oauth))('costs exactly what it must: %s', async (name, { ask, cost }) => {
  const tokens = await new Person(app).signUp();
  const status: number[] = [];
  const spent = await costOf(app, async () => void status.push((await ask(tokens)).status));
  expect([spent, status]).toEqual([
    cost,
    [name.endsWith('secret') ? 401 : name === 'verify' ? 204 : 200],
  ]);
});

it('costs no more with an API key than with an access token', async () => {
  const machine = await Machine.with(app, 'WRITE', administrator);
  const id = await idOf(app, await signedUp());
  await machine.users();
  await app.eventually(
    async () =>
      (await app.sql('select 1 from api_keys where last_used_at > created_at')).length > 0,
  );
  expect(await costOf(app, () => machine.users())).toEqual(table.users.cost);
  expect(await costOf(app, () => machine.disableUser(id))).toEqual(cost(6, 1, 0));
});

async function signedUp() {
  const person = new Person(app);
  await person.signUp();
  return person;
}

/** An unknown client additionally counts the address among those that its network uses. */
const byUnknown: Record<string, { ask: (client: Person) => Promise<unknown>; cost: Cost }> = {
  register: { ask: (client) => client.register(), cost: cost(3, 1, 3, 0, 1) },
  'login, wrong password': { ask: (client) => client.login('wrong'), cost: cost(3, 1, 3, 0, 1) },
  requestOtp: { ask: (client) => client.requestOtp(), cost: cost(2, 1, 3) },
  forgotPassword: { ask: (client) => client.forgotPassword(), cost: cost(2, 1, 3) },
  'verifyOtp, wrong code': {
    ask: (client) => client.verifyOtp('000000', '1'),
    cost: cost(3, 1, 3),
  },
  'resetPassword, wrong code': {
    ask: (client) => client.resetPassword('000000', NEW, '1'),
    cost: cost(3, 1, 3),
  },
};

it.each(Object.entries(byUnknown))(
  'costs the same for an address with and without an account: %s',
  async (_name, { ask, cost: expected }) => {
    const owner = new Person(app);
    await owner.signUp();
    for (const { email } of [owner, new Person(app)]) {
      const client = new Person(app, email);
      expect(await costOf(app, () => ask(client)), email).toEqual(expected);
    }
  },
);

it('redeems a code with two round trips to Redis also for a client that has just requested it', async () => {
  const client = new Person(app);
  const { otp, challengeId } = await signInCode(client);
  const spent = await costOf(app, () => client.verifyOtp(otp, challengeId));
  expect(spent).toEqual(cost(4, 1, 2, 1));
});
