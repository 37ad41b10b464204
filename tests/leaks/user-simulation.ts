import { randomBytes } from 'node:crypto';
import { undoSecretsOf } from '#tests/support/address-changes.ts';
import { idOf } from '#tests/support/administrator.ts';
import { newAddress, newClient } from '#tests/support/app.ts';
import { Authenticator } from '#tests/support/authenticator.ts';
import { CookieClient } from '#tests/support/cookie-client.ts';
import { Person } from '#tests/support/flow.ts';
import { production } from '#tests/support/production.ts';
import { insertDelivery } from '#tests/support/webhook.ts';
import { Caller, type Given, type Transport } from './caller.ts';
import { useFactors } from './factor-steps.ts';
import type { Secrets } from './secrets.ts';
import type { WatchedApp } from './watched-app.ts';

/** All that can happen to an account, through one transport: each operation goes well, and is refused. */
export async function simulateUser(
  app: WatchedApp,
  transport: Transport,
  secrets: Secrets,
): Promise<void> {
  const ada = new Caller(app, transport);
  const password = await register(ada, secrets);
  const { refreshToken, accessToken } = await signIn(ada, secrets, password);
  await askSignedIn(ada, secrets, accessToken, refreshToken);
  await app.collect();
  await endSessions(ada, accessToken);
  await confirmIdentity(ada, secrets, password);
  const changed = await changePassword(ada, secrets, password);
  await resetPassword(ada, secrets, changed);
  await app.collect();
  await refreshWithSpentToken(new Caller(app, transport));
  await logOut(new Caller(app, transport), secrets);
  const person = new Caller(app, transport);
  await useCookie(new CookieClient(app, transport, person), secrets);
  await administer(new Caller(app, transport), new Caller(app, transport));
  await useFactors(new Caller(app, transport), new Caller(app, transport), secrets, transport);
  await changeAddress(new Caller(app, transport), secrets);
  await usePasskeys(new Caller(app, transport), secrets);
  await deleteAccount(new Caller(app, transport));
  await meetLimits(new Caller(app, transport), secrets);
  await app.collect();
}

async function register(ada: Caller, secrets: Secrets): Promise<string> {
  const password = secrets.password();
  const { otp } = await ada.askForCode('register', { password });
  await ada.ask('verifyOtp', { otp: secrets.wrongCode(otp) });
  const tooLong = secrets.add('password', randomBytes(150).toString('hex'));
  await ada.ask('register', { password: tooLong });
  await ada.ask('register', { email: secrets.password(), password: secrets.password() });
  return password;
}

async function signIn(ada: Caller, secrets: Secrets, password: string) {
  await ada.ask('login', { password: secrets.password() });
  await ada.ask('login', { email: secrets.word(), password });
  const { otp, challengeId } = await ada.askForCode('login', { password });
  await ada.ask('verifyOtp', { otp: secrets.wrongCode(otp), challengeId });
  await ada.ask('verifyOtp', { otp, challengeId: secrets.word() });
  await ada.ask('verifyOtp', { otp: secrets.password(), challengeId });
  const pair = await ada.ask('verifyOtp', { otp, challengeId });
  await ada.ask('verifyOtp', { otp, challengeId });
  // The owner is told, in a mail.
  await ada.ask('register', { password: secrets.password() });
  return pair;
}

/** With the token, with the wrong one, and with none. */
async function askSignedIn(
  ada: Caller,
  secrets: Secrets,
  token: string,
  refreshToken: string,
): Promise<void> {
  for (const bearer of [token, refreshToken, secrets.word(), undefined]) {
    await ada.ask('me', {}, bearer);
    await ada.ask('updateProfile', { firstName: 'Ada' }, bearer);
    await ada.ask('sessions', {}, bearer);
    await ada.ask('auditLogs', {}, bearer);
  }
  for (const given of [token, refreshToken, secrets.password()]) {
    await ada.ask('revokeSession', { id: given }, token);
    await ada.ask('refreshTokens', { refreshToken: given });
  }
}

async function endSessions(ada: Caller, token: string): Promise<void> {
  const other = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const { ids } = await ada.ask('sessions', {}, token);
  await ada.ask('revokeSession', { id: ids[0] });
  await ada.ask('revokeSession', { id: ids[0] }, other.accessToken);
  await ada.ask('revokeOtherSessions', {}, other.accessToken);
  await ada.ask('revokeOtherSessions', {}, token);
}

async function changePassword(ada: Caller, secrets: Secrets, password: string): Promise<string> {
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const change = (currentPassword: string, newPassword: string, token?: string) =>
    ada.ask('changePassword', { currentPassword, newPassword }, token);
  const changed = secrets.password();
  await change(secrets.password(), changed, accessToken);
  await change(password, changed);
  await change(password, changed, accessToken);
  return changed;
}

/** A step-up by code and by password, each after a wrong one, and what it is for. */
async function confirmIdentity(ada: Caller, secrets: Secrets, password: string): Promise<void> {
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  await ada.ask('exportMyData', {}, accessToken);
  await ada.ask('requestStepUp');
  const proof = await ada.askForCode('requestStepUp', {}, accessToken);
  await ada.ask('stepUp', { ...proof, otp: secrets.wrongCode(proof.otp) }, accessToken);
  await ada.ask('stepUp', proof, accessToken);
  await ada.ask('stepUp', { password: secrets.password() }, accessToken);
  await ada.ask('stepUp', { password }, accessToken);
  await ada.ask('exportMyData', {}, accessToken);
}

/** Adds, uses, renames and removes a passkey; each operation also fails. */
async function usePasskeys(ada: Caller, secrets: Secrets): Promise<void> {
  const { accessToken: token } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const authenticator = new Authenticator(new URL(production.PUBLIC_URL).origin);
  for (const bearer of [undefined, token]) {
    const { options } = await ada.ask('passkeyRegistrationOptions', {}, bearer);
    const credential = authenticator.create(options);
    const { id, recoveryCodes } = await ada.ask('registerPasskey', { credential }, bearer);
    for (const code of recoveryCodes) secrets.add('password', code);
    await ada.ask('passkeys', {}, bearer);
    await ada.ask('renamePasskey', { id: id || 'none', name: 'phone' }, bearer);
  }
  const { options } = await ada.ask('passkeySignInOptions');
  const credential = authenticator.get(options);
  const { accessToken } = await ada.ask('signInWithPasskey', { credential });
  await ada.ask('signInWithPasskey', { credential });
  await ada.ask('signInWithPasskey', { credential: {} });
  const { challengeId } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  await ada.ask('passkeyFactorOptions', { challengeId: 'a'.repeat(101) });
  const factor = await ada.ask('passkeyFactorOptions', { challengeId });
  await ada.ask('verifyFactor', { challengeId, passkey: credential });
  await ada.ask('verifyFactor', { challengeId, passkey: authenticator.get(factor.options) });
  await ada.ask('passkeyStepUpOptions');
  const confirm = await ada.ask('passkeyStepUpOptions', {}, accessToken);
  await ada.ask('stepUp', { passkey: authenticator.get(confirm.options) }, accessToken);
  const { id } = await addPasskey(ada, authenticator, accessToken);
  for (const bearer of [undefined, accessToken, accessToken]) {
    await ada.ask('removePasskey', { id }, bearer);
  }
  // Past the limit on options.
  for (let n = 0; n < 400 && (await ada.ask('passkeySignInOptions')).code === ''; n += 1);
}

async function addPasskey(ada: Caller, authenticator: Authenticator, token: string) {
  const { options } = await ada.ask('passkeyRegistrationOptions', {}, token);
  return ada.ask('registerPasskey', { credential: authenticator.create(options) }, token);
}

/** A change and its undo, each after a refusal, over the API and the page. */
async function changeAddress(ada: Caller, secrets: Secrets): Promise<void> {
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const next = new Person(ada.app, newAddress());
  await ada.ask('changeEmail', { newEmail: next.email }, accessToken);
  await ada.ask('stepUp', await ada.askForCode('requestStepUp', {}, accessToken), accessToken);
  const { challengeId } = await ada.ask('changeEmail', { newEmail: next.email }, accessToken);
  const otp = await next.code();
  const wrong = { otp: secrets.wrongCode(otp), challengeId };
  await ada.ask('confirmEmailChange', wrong, accessToken);
  await ada.ask('confirmEmailChange', { otp, challengeId }, accessToken);
  await ada.app.mailsDelivered();
  const [first = '', second = ''] = undoSecretsOf(ada).map((each) => secrets.add('undo', each));
  await ada.ask('undoEmailChange', { secret: secrets.password() });
  await ada.ask('undoEmailChange', { secret: first });
  await ada.ask('undoEmailChange', { secret: second });
  for (const secret of [first, second]) {
    await ada.app.fetch('/email-change/undo', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams({ secret })}`,
      from: ada.from,
    });
  }
}

async function deleteAccount(ada: Caller): Promise<void> {
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  await ada.ask('deleteMyAccount', {}, accessToken);
  const proof = await ada.askForCode('requestStepUp', {}, accessToken);
  await ada.ask('stepUp', proof, accessToken);
  await ada.ask('deleteMyAccount', {}, accessToken);
}

async function resetPassword(ada: Caller, secrets: Secrets, password: string): Promise<void> {
  await ada.ask('forgotPassword', { email: secrets.password() });
  const { otp } = await ada.askForCode('forgotPassword');
  await ada.ask('resetPassword', { otp: secrets.wrongCode(otp), password: secrets.password() });
  await ada.ask('resetPassword', { otp, password: 'password' });
  await ada.ask('resetPassword', { otp, password: secrets.password() });
  await ada.ask('login', { password });
}

async function refreshWithSpentToken(ada: Caller): Promise<void> {
  const { refreshToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const child = await ada.ask('refreshTokens', { refreshToken });
  // For ten seconds its parent gives the same once more.
  await ada.ask('refreshTokens', { refreshToken });
  ada.app.clock.advance({ seconds: 11 });
  const sibling = await ada.ask('refreshTokens', { refreshToken });
  await ada.ask('refreshTokens', { refreshToken: child.refreshToken });
  await ada.ask('refreshTokens', { refreshToken: sibling.refreshToken });
}

async function logOut(ada: Caller, secrets: Secrets): Promise<void> {
  const { refreshToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  await ada.ask('logout', { refreshToken });
  await ada.ask('logout', { refreshToken: secrets.password() });
  await ada.ask('logout', {}, accessToken);
  await ada.ask('logout', {}, accessToken);
}

/** Cookie mode: each operation also with a wrong cookie, a token beside it, and a wrong header. */
async function useCookie(client: CookieClient, secrets: Secrets): Promise<void> {
  await client.signIn();
  await client.ask('refreshTokens');
  const kept = client.cookie;
  for (const operation of ['refreshTokens', 'logout'] as const) {
    await client.ask(operation, { refreshToken: secrets.word() });
    for (const name of ['origin', 'gatehouse-session']) {
      await client.ask(operation, {}, { headers: { [name]: secrets.word() } });
    }
    client.cookie = secrets.word();
    await client.ask(operation);
    client.cookie = kept;
  }
  await client.ask('logout');
}

/** Too many wrong passwords and codes of one client, and too many requests for codes. */
async function meetLimits(ada: Caller, secrets: Secrets): Promise<void> {
  await ada.ask('register', { password: secrets.password() });
  const { otp } = await ada.askForCode('requestOtp');
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await ada.ask('login', { password: secrets.password() });
    await ada.ask('verifyOtp', { otp: secrets.wrongCode(otp) });
  }
  ada.from = newClient();
  for (let attempt = 0; attempt < 11; attempt += 1) await ada.ask('requestOtp');
}

/** Creates an API key, and revokes another one; each operation also fails. */
async function createKey(admin: Caller, token: string): Promise<Given> {
  const input = { name: 'crm', scope: 'WRITE' };
  await admin.ask('createApiKey', input, token);
  await admin.ask('stepUp', await admin.askForCode('requestStepUp', {}, token), token);
  const { id } = await admin.ask('createApiKey', input, token);
  const created = await admin.ask('createApiKey', input, token);
  for (const bearer of [token, created.key]) {
    await admin.ask('apiKeys', {}, bearer);
    await admin.ask('revokeApiKey', { id }, bearer);
    await admin.ask('me', {}, bearer);
  }
  return created;
}

/** Creates and changes a webhook, whose messages nobody receives, and reads its deliveries. */
async function keepWebhook(admin: Caller, bearers: readonly (string | undefined)[]) {
  const input = {
    url: 'https://receiver.invalid/hook',
    events: ['user.created', 'audit.OTP_FAILED'],
  };
  const { id } = await admin.ask('createWebhook', input, bearers[0]);
  const ended = await insertDelivery(admin.app, id);
  for (const bearer of bearers) {
    await admin.ask('createWebhook', input, bearer);
    await admin.ask('webhooks', {}, bearer);
    await admin.ask('updateWebhook', { id, description: 'crm' }, bearer);
    await admin.ask('rotateWebhookSecret', { id }, bearer);
    await admin.ask('webhookDeliveries', { id }, bearer);
    await admin.ask('redeliver', { id: ended }, bearer);
  }
  for (const bearer of [bearers[1], bearers[0]]) await admin.ask('deleteWebhook', { id }, bearer);
}

/** Each change of a user, and each refusal. */
async function administer(admin: Caller, ada: Caller): Promise<void> {
  const { accessToken } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const { accessToken: token } = await admin.ask('verifyOtp', await admin.askForCode('requestOtp'));
  await admin.app.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
  const id = await idOf(admin.app, ada);
  const { key } = await createKey(admin, token);
  await keepWebhook(admin, [token, accessToken, key, `${key}x`]);
  for (const bearer of [token, accessToken, key, `${key}x`]) {
    await admin.ask('users', {}, bearer);
    await admin.ask('user', { id }, bearer);
    await admin.ask('eventCounts', {}, bearer);
    await admin.ask('outbox', {}, bearer);
    await admin.ask('signingKeys', {}, bearer);
    await admin.ask('disableUser', { id }, bearer);
    await admin.ask('enableUser', { id }, bearer);
    await admin.ask('createUser', { email: newAddress() }, bearer);
    await admin.ask('setUserRole', { id, role: 'USER' }, bearer);
    await admin.ask('setUserMetadata', { id, metadata: { plan: 'team' } }, bearer);
    await admin.ask('unlockUser', { id }, bearer);
    await admin.ask('revokeUserSessions', { id }, bearer);
    await admin.ask('deleteUser', { id, email: ada.email }, bearer);
  }
}
