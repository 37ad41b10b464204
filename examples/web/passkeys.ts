import { explain, onSubmit } from './forms.ts';
import { canSignIn, canUse, dataOf, isOfBrowser, passkeys } from './passkey-client.ts';
import { withStepUp } from './proof.ts';
import { element, show } from './views.ts';

const view = element('#sign-in');
const signInForm = element<HTMLFormElement>('form[name=signInWithPasskey]');

/** Ends the offer of passkeys by autofill. */
let leaving = new AbortController();
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

view.addEventListener('shown', () => void offerAutofill());
// A passkey that is chosen late must not replace the session of another sign-in.
view.addEventListener('left', () => leaving.abort());

/** Offers passkeys in the field of the address while the view shows, until one signs in or fails. */
async function offerAutofill(): Promise<void> {
  if (signInForm.hidden || view.hidden) return;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  if (!(await passkeys.supportsAutofill()) || signal.aborted) return;
  try {
    const result = await passkeys.autofill(signal);
    if (!result || isOfBrowser(result.error)) return;
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

/** Adds a passkey. Returns undefined if there is no new one. */
export const addPasskey = () => withStepUp(async () => dataOf(await passkeys.add()));
