import { expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import {
  type AskedOperation,
  askOver,
  type Transport,
  transports,
} from './equivalence/either-transport.ts';
import { Administrator } from './support/administrator.ts';
import { Machine, stepUp } from './support/api-key.ts';
import { type TestApp, useApp } from './support/app.ts';
import { FactorOwner, insertFactor, removeFactors } from './support/factor-owner.ts';
import { PASSWORD, type Person } from './support/flow.ts';
import { introspect, introspectionClients } from './support/oauth.ts';
import { PasskeyOwner } from './support/passkeys.ts';
import { rest } from './support/rest.ts';
import { many, manyCodes } from './support/wide-limits.ts';

const app = useApp({
  REQUIRE_MFA: 'all',
  INTROSPECTION_CLIENTS: introspectionClients,
  ...manyCodes,
  LIMIT_FACTORS: many,
});
const forAdmins = useApp({ REQUIRE_MFA: 'admins' });
const optional = useApp({});

const profile = { firstName: 'Ada' };
const changeProfile = async (owner: FactorOwner) =>
  (await owner.ask('updateProfile', profile)).code;
const verify = (on: TestApp, token: string) =>
  on.fetch('/oauth/verify', { headers: { authorization: `Bearer ${token}` } });

/** Somebody who has signed up, over one of the transports. */
async function newcomer(on: TestApp, transport: Transport = 'GraphQL'): Promise<FactorOwner> {
  const owner = new FactorOwner(on, transport);
  ({ accessToken: owner.token, refreshToken: owner.refreshToken } = await owner.signUp());
  return owner;
}

const setRole = (owner: Person, role: string) =>
  owner.app.sql('update accounts set role = ? where email = ?', [role, owner.email]);

/** Operations that a session may use to enrol a factor. */
const permitted = [
  ...['me', 'factors', 'passkeys', 'requestStepUp', 'stepUp', 'enrollTotp', 'confirmTotp'],
  ...['passkeyRegistrationOptions', 'registerPasskey'],
];

/** Operations that need an access token, with a valid input. */
const refused: readonly (readonly [AskedOperation, object?])[] = [
  ['updateProfile', profile],
  ['changePassword', { currentPassword: PASSWORD, newPassword: 'candle-harbour-58' }],
  ['changeEmail', { newEmail: 'elsewhere@example.com' }],
  ...(['sessions', 'revokeOtherSessions', 'exportMyData', 'deleteMyAccount'] as const).map(
    (operation) => [operation] as const,
  ),
  ...(['removeTotp', 'renewRecoveryCodes', 'apiKeys', 'webhooks', 'outbox'] as const).map(
    (operation) => [operation] as const,
  ),
  ['createUser', { email: 'new@example.com' }],
  ['createApiKey', { name: 'crm', scope: 'READ' }],
];

it('permits only the operations that enrolling needs, of all that need an access token', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((type) => Object.values(type?.getFields() ?? {}));
  const scopesOf = ({ extensions }: (typeof fields)[number]) =>
    (extensions.pothosOptions as { authScopes?: { enrolling?: true } }).authScopes;
  const found = fields.filter((field) => scopesOf(field)?.enrolling).map(({ name }) => name);
  expect(found.sort()).toEqual(permitted.toSorted());
});

it.each(transports)('lets a session without a factor only enrol one: %s', async (transport) => {
  const ada = await newcomer(app, transport);
  await setRole(ada, 'ADMIN');
  await stepUp(app, ada);
  for (const [operation, input = {}] of refused) {
    const { code } = await ada.ask(operation, input as Record<string, unknown>);
    expect([operation, code]).toEqual([operation, 'ENROLLMENT_REQUIRED']);
  }
  for (const operation of ['me', 'factors', 'passkeys', 'requestStepUp'] as const) {
    expect([operation, (await ada.ask(operation)).code]).toEqual([operation, undefined]);
  }
  // It can leave, and last.
  const refreshed = await ada.refresh(ada.refreshToken);
  expect(refreshed.code).toBeUndefined();
  ada.token = refreshed.data?.refreshTokens.accessToken ?? '';
  expect((await ada.ask('logout')).code).toBeUndefined();
  expect((await ada.ask('me')).code).toBe('UNAUTHENTICATED');
});

it('refuses with 403 and the cure', async () => {
  const ada = await newcomer(app);
  const { status, body } = await rest(app, 'GET', '/auth/sessions', undefined, ada);
  expect([status, body]).toEqual([
    403,
    {
      type: expect.stringMatching(/\/problems\/enrollment-required$/),
      title: 'Second factor must be enrolled',
      status: 403,
      detail: expect.stringContaining('Add an authenticator app with enrollTotp, or a passkey'),
      code: 'ENROLLMENT_REQUIRED',
    },
  ]);
});

it.each(transports)(
  'lifts the bound with the first app, and sets it with the removal: %s',
  async (way) => {
    const ada = await newcomer(app, way);
    await stepUp(app, ada);
    expect(await changeProfile(ada)).toBe('ENROLLMENT_REQUIRED');
    expect((await ada.enroll()).code).toBeUndefined();
    expect(await changeProfile(ada)).toBeUndefined();
    expect((await ada.ask('removeTotp')).code).toBeUndefined();
    expect(await changeProfile(ada)).toBe('ENROLLMENT_REQUIRED');
  },
);

it.each(transports)(
  'lifts the bound with the first passkey, and sets it with the removal: %s',
  async (way) => {
    const ada = new PasskeyOwner(app, way);
    await ada.signInByCode();
    const change = async (token: string) =>
      (await askOver(way, app, 'updateProfile', profile, { from: ada.person.from, token })).code;
    expect(await change(ada.token)).toBe('ENROLLMENT_REQUIRED');
    expect((await ada.enrol()).code).toBeUndefined();
    expect(await change(ada.token)).toBeUndefined();
    const { answer } = await ada.signIn();
    expect(await change(answer.accessToken)).toBeUndefined();
    ada.token = answer.accessToken;
    const id = (await ada.list()).answer.passkeys[0]?.id ?? '';
    expect((await ada.ask('removePasskey', { id })).code).toBeUndefined();
    expect(await change(answer.accessToken)).toBe('ENROLLMENT_REQUIRED');
  },
);

it('binds administrators only, with REQUIRE_MFA=admins, as soon as they are', async () => {
  const ada = await newcomer(forAdmins);
  expect(await changeProfile(ada)).toBeUndefined();
  await setRole(ada, 'ADMIN');
  expect(await changeProfile(ada)).toBe('ENROLLMENT_REQUIRED');
  await setRole(ada, 'USER');
  expect(await changeProfile(ada)).toBeUndefined();
});

it('binds nobody without the setting', async () => {
  const ada = await newcomer(optional);
  await setRole(ada, 'ADMIN');
  expect(await changeProfile(ada)).toBeUndefined();
});

it('leaves API keys as they are', async () => {
  const admin = await Administrator.create(app);
  await insertFactor(app, admin.email);
  const machine = await Machine.with(app, 'READ', admin);
  expect((await admin.users()).code).toBeUndefined();
  await removeFactors(app, admin.email);
  expect((await admin.users()).code).toBe('ENROLLMENT_REQUIRED');
  expect((await machine.users()).code).toBeUndefined();
});

it('shows such a session as inactive to other services, until it has enrolled', async () => {
  const ada = await newcomer(app);
  const states = async () => [
    (await introspect(app, ada.token)).active,
    (await introspect(app, ada.refreshToken)).active,
    (await verify(app, ada.token)).status,
  ];
  expect(await states()).toEqual([false, false, 401]);
  const { headers, text } = await verify(app, ada.token);
  expect(headers['www-authenticate']).toBe(
    'Bearer realm="api", error="insufficient_user_authentication", error_description="A second factor is required"',
  );
  expect(headers).not.toHaveProperty('x-auth-user');
  expect(JSON.parse(text)).toMatchObject({ error: 'insufficient_user_authentication' });
  await stepUp(app, ada);
  await ada.enroll();
  expect(await states()).toEqual([true, true, 204]);
  expect((await introspect(app, ada.token)).amr).toContain('mfa');
});
