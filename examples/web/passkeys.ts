import { explain, onSubmit } from './forms.ts';
import { canSignIn, canUse, dataOf, passkeys } from './passkey-client.ts';
import { isSignedIn } from './session.ts';
import { element, show } from './views.ts';

const signInForm = element<HTMLFormElement>('form[name=signInWithPasskey]');

/** The action that runs once a passkey has signed in. */
let enter = async (): Promise<void> => {};

/** Offers passkeys by autofill and by the button of the sign-in, if this page can use them. */
export async function offerPasskeys(afterSignIn: () => Promise<void>): Promise<void> {
  enter = afterSignIn;
  // Without an answer of the service the page offers no passkeys. The other ways report the error.
  signInForm.hidden = !(await canSignIn().catch(() => false));
  await offerAutofill();
}

onSubmit('signInWithPasskey', async () => {
  try {
    if (dataOf(await passkeys.signIn())) await enter();
  } finally {
    void offerAutofill();
  }
});

/** Offers passkeys in the field of the address, until one signs in or fails. */
export async function offerAutofill(): Promise<void> {
  if (signInForm.hidden || isSignedIn() || !(await passkeys.supportsAutofill())) return;
  try {
    const result = await passkeys.autofill();
    if (!result) return;
    // The browser has been told to offer this one no longer. Another may work.
    if (result.error?.code === 'NOT_FOUND') void offerAutofill();
    if (dataOf(result)) await enter();
  } catch (error) {
    explain(error, signInForm);
  }
}

/** Offers to add the first passkey right after a sign-in with a code. Returns whether it did. */
export async function offerFirstPasskey(): Promise<boolean> {
  if (!passkeys.isSupported()) return false;
  // The view of the account loads the list again, and reports errors.
  const list = await passkeys.list().catch(() => undefined);
  if (!list?.data || list.data.passkeys.length > 0 || !canUse(list.data.rpId)) return false;
  show('offer');
  return true;
}

/** Adds a passkey. Returns whether there is a new one. */
export async function addPasskey(): Promise<boolean> {
  return dataOf(await passkeys.add()) !== undefined;
}
