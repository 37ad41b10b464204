import { ConfirmTotpDocument, type ConfirmTotpInput } from '../../client/generated/graphql.ts';
import { openAccount } from './account.ts';
import { onSubmit } from './forms.ts';
import { addPasskey, offerFirstPasskey } from './passkeys.ts';
import { withStepUp } from './proof.ts';
import { showRecoveryCodes } from './recovery-codes.ts';
import { run } from './session.ts';
import { say } from './views.ts';

/** Opens the account after a sign-in with a code, unless there is a first passkey to offer. */
export async function welcome(): Promise<void> {
  if (!(await offerFirstPasskey())) await openAccount();
}

onSubmit('addPasskey', async () => {
  const passkey = await addPasskey();
  if (passkey) await finish(passkey.recoveryCodes, 'Your passkey was added.');
});

onSubmit<ConfirmTotpInput>('confirmTotp', async (input) => {
  const data = await withStepUp(() => run(ConfirmTotpDocument, { input }));
  if (data) await finish(data.confirmTotp.recoveryCodes, 'Your authenticator app was set up.');
});

onSubmit('keepCodes', openAccount);

/** Shows the recovery codes of a first factor, or else the account. */
async function finish(recoveryCodes: readonly string[], message: string): Promise<void> {
  if (recoveryCodes.length > 0) return showRecoveryCodes(recoveryCodes, message);
  await openAccount();
  say(message);
}
