import { randomUUID } from 'node:crypto';
import { getNamedType, isLeafType, isNonNullType, isObjectType } from 'graphql';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import { schema } from '#src/graphql/schema.ts';
import { exampleOf } from '#src/rest/openapi/example.ts';
import { routes } from '#src/rest/rest-routes.ts';
import { Mover } from './support/address-changes.ts';
import { Administrator, idOf } from './support/administrator.ts';
import { insertKey } from './support/api-key.ts';
import { newAddress, useApp } from './support/app.ts';
import { Authenticator } from './support/authenticator.ts';
import { bytesOf } from './support/base32.ts';
import { insertFactor } from './support/factor-owner.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { whileAccountIsLocked } from './support/locked-account.ts';
import { ORIGIN, PasskeyOwner } from './support/passkeys.ts';
import { insertTrustedDevice } from './support/trusted-browser.ts';
import { insertDelivery, insertWebhook } from './support/webhook.ts';

// Every person registers from one client.
const app = useApp({ LIMIT_REGISTER: '1000/60' });

interface Scopes {
  readonly skipTypeScopes?: boolean;
  readonly authScopes?: object;
}

/** Every mutation that needs an access token. */
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(
  ({ extensions }) => {
    const { skipTypeScopes, authScopes } = (extensions.pothosOptions ?? {}) as Scopes;
    return !skipTypeScopes || authScopes;
  },
);

/** A person, an access token, and another session of the person. */
type SignedIn = Awaited<ReturnType<typeof signedInPerson>>;

/** Requests a change of the address. @returns what confirms it */
async function requestedChange({ person, accessToken: token }: SignedIn) {
  const mover = Object.assign(new Mover(app, person.email, person.from), { token });
  return (await mover.request(newAddress())).confirmation ?? {};
}

/** Inputs that succeed in a live session, where the examples do not. */
const ofAnotherUser = () => ({ id: userId });
const withFactor = async ({ person }: SignedIn) => {
  await insertFactor(app, person.email);
  return {};
};
const inputs: Readonly<Record<string, (given: SignedIn) => object | Promise<object>>> = {
  changeEmail: () => ({ newEmail: newAddress() }),
  confirmEmailChange: requestedChange,
  stepUp: () => ({ password: PASSWORD }),
  changePassword: () => ({ currentPassword: PASSWORD, newPassword: 'amber-compass-91' }),
  confirmTotp: async ({ person: { from }, accessToken: token }) => {
    const { data } = await app.graphql('mutation { enrollTotp { secret } }', {}, { from, token });
    const { secret } = (data?.enrollTotp ?? {}) as { secret: string };
    return { totp: totpCode(bytesOf(secret), stepAt(app.clock.now())) };
  },
  removeTotp: withFactor,
  renewRecoveryCodes: withFactor,
  resetUserFactors: async () => {
    await insertFactor(app, userEmail);
    return { id: userId };
  },
  registerPasskey: async ({ passkeys }) => ({
    credential: passkeys.authenticator.create(await passkeys.registrationOptions()),
  }),
  renamePasskey: async ({ person }) => ({ id: await insertPasskey(person), name: 'laptop' }),
  removePasskey: async ({ person }) => ({ id: await insertPasskey(person) }),
  removeTrustedDevice: async ({ person }) => ({ id: await insertTrustedDevice(app, person) }),
  revokeSession: ({ other }) => ({ id: other }),
  disableUser: ofAnotherUser,
  enableUser: ofAnotherUser,
  createUser: () => ({ email: newAddress() }),
  setUserRole: () => ({ id: userId, role: 'ADMIN' }),
  setUserMetadata: () => ({ id: userId, metadata: {} }),
  revokeApiKey: () => ({ id: keyId }),
  updateWebhook: async () => ({ id: await insertWebhook(app), enabled: false }),
  deleteWebhook: async () => ({ id: await insertWebhook(app) }),
  rotateWebhookSecret: async () => ({ id: await insertWebhook(app) }),
  redeliver: async () => ({ id: await insertDelivery(app) }),
  unlockUser: ofAnotherUser,
  revokeUserSessions: ofAnotherUser,
  deleteUser: () => ({ id: userId, email: userEmail }),
};

/** Stores a passkey without the rest of a first enrolment, which ends the other session. */
async function insertPasskey({ email }: Person): Promise<string> {
  const id = randomUUID();
  await app.sql(
    `insert into passkeys (id, account_id, credential_id, public_key, sign_count, backup_eligible,
       backed_up, transports, aaguid, name, created_at)
     select ?, id, ?, '', 0, false, false, '{}', ?, 'key', now() from accounts where email = ?`,
    [id, id, id, email],
  );
  return id;
}

async function inputOf(name: string, given: SignedIn): Promise<unknown> {
  const { input } = routes.find(({ field }) => field === name) ?? {};
  return (await inputs[name]?.(given)) ?? (input && exampleOf(input));
}

const sessionIdOf = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;

const documentOf = (name: string): string => {
  const field = schema.getMutationType()?.getFields()[name];
  const type = isNonNullType(field?.type) ? field.type.ofType : field?.type;
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const leaf = fields.find((each) => isLeafType(getNamedType(each.type)));
  const selection = leaf ? `{ ${leaf.name} }` : '';
  const argument = field?.args[0];
  return argument
    ? `mutation ($input: ${String(argument.type)}) { ${name}(input: $input) ${selection} }`
    : `mutation { ${name} ${selection} }`;
};

async function signedInPerson() {
  const person = new Person(app);
  await person.register();
  const other = sessionIdOf((await person.signIn()).accessToken);
  // Sets the password as if after the verification.
  await app.sql('update accounts set password_hash = ? where email = ?', [hash, person.email]);
  const { accessToken } = await person.signIn();
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [person.email]);
  await app.sql('update sessions set stepped_up_at = ?', [app.clock.now()]);
  const passkeys = new PasskeyOwner(app, 'GraphQL', new Authenticator(ORIGIN), person);
  passkeys.token = accessToken;
  return { person, other, accessToken, passkeys };
}

let hash: string;
let userId: string;
let userEmail: string;
let keyId: string;
beforeAll(async () => {
  // No person of a test is the last `ADMIN`.
  await Administrator.create(app);
  hash = await app.runtime.passwords.hash(PASSWORD);
});

beforeEach(async () => {
  const other = new Person(app);
  await other.signIn();
  userId = await idOf(app, other);
  userEmail = other.email;
  keyId = await insertKey(app);
});

it('finds the mutations that need an access token', () => {
  expect(mutations.map(({ name }) => name).sort()).toEqual([
    'changeEmail',
    'changePassword',
    'confirmEmailChange',
    'confirmTotp',
    'createApiKey',
    'createUser',
    'createWebhook',
    'deleteMyAccount',
    'deleteUser',
    'deleteWebhook',
    'disableUser',
    'enableUser',
    'enrollTotp',
    'exportMyData',
    'passkeyRegistrationOptions',
    'passkeyStepUpOptions',
    'redeliver',
    'registerPasskey',
    'removePasskey',
    'removeTotp',
    'removeTrustedDevice',
    'renamePasskey',
    'renewRecoveryCodes',
    'requestStepUp',
    'resetUserFactors',
    'revokeApiKey',
    'revokeOtherSessions',
    'revokeSession',
    'revokeUserSessions',
    'rotateWebhookSecret',
    'setUserMetadata',
    'setUserRole',
    'stepUp',
    'unlockUser',
    'updateProfile',
    'updateWebhook',
  ]);
});

it.each(mutations.map(({ name }) => name))(
  'changes nothing for a session that has ended meanwhile: %s',
  async (name) => {
    const given = await signedInPerson();
    const { person, accessToken } = given;
    const input = await inputOf(name, given);
    const { from } = person;
    const run = () => app.graphql(documentOf(name), { input }, { from, token: accessToken });
    const stateOf = () =>
      app.sql(
        `select a.first_name, a.password_hash, s.id, s.ended_at from accounts a
         join sessions s on s.account_id = a.id where a.email = ? order by s.id`,
        [person.email],
      );
    const [refused] = await whileAccountIsLocked(app, person.email, {
      start: () => [run()],
      statement: `update sessions set ended_at = '2020-01-01' where id = '${sessionIdOf(accessToken)}'`,
    });
    expect(refused?.code).toBe('UNAUTHENTICATED');
    const after = await stateOf();
    expect(after).toMatchObject([{ ended_at: null }, { ended_at: expect.anything() }]);
    expect(after).toMatchObject([{ first_name: null, password_hash: hash }, {}]);

    // The same input works in a live session.
    await app.sql(
      'update sessions set ended_at = null where account_id in (select id from accounts where email = ?)',
      [person.email],
    );
    expect((await run()).code).toBeUndefined();
  },
);
