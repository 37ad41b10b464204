import { idOf } from '#tests/support/administrator.ts';
import { FactorOwner } from '#tests/support/factor-owner.ts';
import { DEVICE, TrustedBrowser } from '#tests/support/trusted-browser.ts';
import type { Caller, Transport } from './caller.ts';
import type { Secrets } from './secrets.ts';

/** Each operation about second factors: without a token, refused, and with success. */
export async function useFactors(
  ada: Caller,
  admin: Caller,
  secrets: Secrets,
  transport: Transport,
): Promise<void> {
  const { accessToken: token } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const changes = ['enrollTotp', 'confirmTotp', 'removeTotp', 'renewRecoveryCodes'] as const;
  for (const operation of ['factors', ...changes] as const) await ada.ask(operation);
  await ada.ask('stepUp', await ada.askForCode('requestStepUp', {}, token), token);
  const app = new FactorOwner(ada.app);
  app.secret = secrets.add('password', (await ada.ask('enrollTotp', {}, token)).secret);
  const totp = () => {
    ada.app.clock.advance({ seconds: 30 });
    return secrets.add('code', app.totp());
  };
  const { recoveryCodes } = await ada.ask('confirmTotp', { totp: totp() }, token);
  for (const code of recoveryCodes) secrets.add('password', code);
  await ada.ask('factors', {}, token);
  const { challengeId } = await ada.ask('verifyOtp', await ada.askForCode('requestOtp'));
  const prove = (proof: object) => ada.ask('verifyFactor', { challengeId, ...proof });
  await prove({ totp: secrets.wrongCode(totp()) });
  await prove({ recoveryCode: secrets.word() });
  await prove({ recoveryCode: recoveryCodes[0] });
  await ada.ask('stepUp', { totp: totp() }, token);
  const browser = new TrustedBrowser(ada.app, transport, ada);
  await useBrowser(Object.assign(browser, { secret: app.secret }), ada, token, secrets);
  const renewed = await ada.ask('renewRecoveryCodes', {}, token);
  for (const code of renewed.recoveryCodes) secrets.add('password', code);
  await resetFactors(ada, admin);
  await ada.app.mailsDelivered();
  const [secret = ''] = Object.assign(new FactorOwner(ada.app, 'GraphQL', ada)).undoSecrets();
  await ada.ask('removeTotp', {}, token);
  await ada.ask('undoFactorChange', { secret: secrets.password() });
  await ada.ask('undoFactorChange', { secret: secrets.add('undo', secret) });
}

/** Trusts a browser, signs in with it, and removes it. */
async function useBrowser(
  browser: TrustedBrowser,
  ada: Caller,
  token: string,
  secrets: Secrets,
): Promise<void> {
  const { code } = await browser.trust();
  if (code !== undefined) throw new Error(`not trusted: ${JSON.stringify(code)}`);
  // Its hash is stored, like those of tokens.
  secrets.add('undo', browser.cookies.get(DEVICE) ?? '');
  await browser.signInByCode();
  await ada.ask('trustedDevices');
  const { ids } = await ada.ask('trustedDevices', {}, token);
  for (const bearer of [undefined, token, token]) {
    await ada.ask('removeTrustedDevice', { id: ids[0] }, bearer);
  }
}

/** Orders a reset as an administrator, and as nobody. */
async function resetFactors(ada: Caller, admin: Caller): Promise<void> {
  const { accessToken: token } = await admin.ask('verifyOtp', await admin.askForCode('requestOtp'));
  await admin.app.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
  const id = await idOf(admin.app, ada);
  await admin.ask('resetUserFactors', { id });
  await admin.ask('resetUserFactors', { id }, token);
}
