import {
  EnrollTotpDocument,
  FactorsDocument,
  RemoveTotpDocument,
  RenewRecoveryCodesDocument,
} from '../../client/generated/graphql.ts';
import { formsNamed, onSubmit } from './forms.ts';
import { withStepUp } from './proof.ts';
import { showRecoveryCodes } from './recovery-codes.ts';
import { run } from './session.ts';
import { loadTrustedDevices } from './trusted-devices.ts';
import { element, fill, say, show } from './views.ts';

/** Shows whether the account has an authenticator app, and how many recovery codes are left. */
export async function loadFactors(): Promise<void> {
  const { factors } = await run(FactorsDocument, {});
  const hasApp = factors.kinds.includes('TOTP');
  for (const form of formsNamed('removeTotp')) form.hidden = !hasApp;
  element('#account form[name=enrollTotp] button').textContent = hasApp
    ? 'Replace the app'
    : 'Set up an app';
  element('#with-codes').hidden = factors.kinds.length === 0;
  fill('account', {
    app: hasApp ? 'Each sign-in with a mailed code asks for its code.' : 'You have no app yet.',
    codes: `You have ${factors.recoveryCodesLeft} left. Each signs you in once without your device.`,
  });
}

onSubmit('enrollTotp', async () => {
  const data = await withStepUp(() => run(EnrollTotpDocument, {}));
  if (!data) return;
  const { secret, qrCode, uri } = data.enrollTotp;
  show('app');
  // The page accepts no markup from strings, but images of data.
  element<HTMLImageElement>('#app img').src = `data:image/svg+xml,${encodeURIComponent(qrCode)}`;
  element('#app code').textContent = (secret.match(/.{1,4}/g) ?? []).join(' ');
  element<HTMLAnchorElement>('#app-link').href = uri;
});

onSubmit('removeTotp', async () => {
  if (!(await withStepUp(() => run(RemoveTotpDocument, {})))) return;
  await Promise.all([loadFactors(), loadTrustedDevices()]);
  say('Your authenticator app was removed. Its codes no longer work.');
});

onSubmit('renewRecoveryCodes', async () => {
  const data = await withStepUp(() => run(RenewRecoveryCodesDocument, {}));
  if (!data) return;
  const { recoveryCodes } = data.renewRecoveryCodes;
  showRecoveryCodes(recoveryCodes, 'Your former recovery codes no longer work.');
});
