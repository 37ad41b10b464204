import {
  PasskeyRegistrationOptionsDocument,
  PasskeySignInOptionsDocument,
  PasskeysDocument,
  RegisterPasskeyDocument,
  RemovePasskeyDocument,
  RenamePasskeyDocument,
  SignInWithPasskeyDocument,
} from '../../client/generated/graphql.ts';
import {
  createPasskeys,
  type Passkey,
  type PasskeyClient,
  type PasskeyResult,
} from '../../client/src/passkeys.ts';
import { GatehouseError } from '../walk-through/gatehouse-error.ts';
import { explain, onSubmit } from './forms.ts';
import { isSignedIn, run, signIn } from './session.ts';
import { element, formatTime, say, show } from './views.ts';

/** Sends an operation, and returns its error as the client package does. */
async function resultOf<Data>(operation: Promise<Data>): Promise<PasskeyResult<Data>> {
  try {
    return { ok: true, data: await operation };
  } catch (error) {
    if (error instanceof GatehouseError) return { ok: false, error } as PasskeyResult<Data>;
    throw error;
  }
}

/** The operations of the client package, on the session of this page. */
const operations = {
  passkeySignInOptions: () =>
    resultOf(run(PasskeySignInOptionsDocument, {}).then((data) => data.passkeySignInOptions)),
  async signInWithPasskey(input) {
    const sent = run(SignInWithPasskeyDocument, { input });
    const result = await resultOf(sent.then((data) => data.signInWithPasskey));
    if (result.ok) signIn(result.data);
    return result;
  },
  passkeyRegistrationOptions: () =>
    resultOf(
      run(PasskeyRegistrationOptionsDocument, {}).then((data) => data.passkeyRegistrationOptions),
    ),
  registerPasskey: (input) =>
    resultOf(run(RegisterPasskeyDocument, { input }).then((data) => data.registerPasskey)),
  passkeys: () => resultOf(run(PasskeysDocument, {}).then((data) => data.passkeys)),
  renamePasskey: (input) =>
    resultOf(run(RenamePasskeyDocument, { input }).then((data) => data.renamePasskey)),
  removePasskey: (input) =>
    resultOf(run(RemovePasskeyDocument, { input }).then((data) => data.removePasskey)),
} as PasskeyClient;

const passkeys = createPasskeys(operations);

/** Returns the data of a result. @throws the error of the service; shows that of the browser */
function dataOf<Value>({ data, error }: PasskeyResult<Value>): Value | undefined {
  if (error instanceof GatehouseError) throw error;
  if (error) say(error.code === 'ALREADY_ADDED' ? HAS_ONE : error.message, 'problem');
  return data;
}

const HAS_ONE = 'This device has a passkey of your account already.';

/** What to do once a passkey has signed in. */
let enter = async (): Promise<void> => {};

/** Offers passkeys by autofill and by the button of the sign-in. */
export function offerPasskeys(afterSignIn: () => Promise<void>): void {
  enter = afterSignIn;
  element('form[name=signInWithPasskey]').hidden = !passkeys.isSupported();
  void offerAutofill();
}

onSubmit('signInWithPasskey', async () => {
  try {
    if (dataOf(await passkeys.signIn())) await enter();
  } finally {
    void offerAutofill();
  }
});

/** Offers passkeys in the field of the address, until one signs in. */
export async function offerAutofill(): Promise<void> {
  if (isSignedIn() || !(await passkeys.supportsAutofill())) return;
  try {
    const result = await passkeys.autofill();
    if (result && dataOf(result)) await enter();
  } catch (error) {
    explain(error, element('form[name=signInWithPasskey]'));
    // Another passkey may work.
    void offerAutofill();
  }
}

/** Offers to add a passkey right after a sign-in with a code. Returns false if there is one. */
export async function offerFirstPasskey(): Promise<boolean> {
  if (!passkeys.isSupported()) return false;
  const list = dataOf(await passkeys.list());
  if (!list || list.passkeys.length > 0) return false;
  show('offer');
  return true;
}

/** Adds a passkey. Returns whether there is a new one. */
export async function addPasskey(): Promise<boolean> {
  const added = dataOf(await passkeys.add());
  return added !== undefined;
}

/** Tells the browser the new names of the account. */
export const updatePasskeyDetails = passkeys.updateDetails;

/** Lists the passkeys of the account, each with its name and buttons. */
export async function loadPasskeys(): Promise<void> {
  const list = dataOf(await passkeys.list());
  showPasskeys(list?.passkeys ?? []);
}

onSubmit('addPasskey', async () => {
  if (!(await addPasskey())) return;
  await loadPasskeys();
  say('Your passkey was added.');
});

function showPasskeys(list: readonly Passkey[]): void {
  element('form[name=addPasskey]').hidden = !passkeys.isSupported();
  element('#no-passkeys').hidden = list.length > 0;
  element('#passkeys').replaceChildren(...list.map(itemOf));
}

function itemOf({ id, name, createdAt, lastUsedAt, backedUp }: Passkey): HTMLLIElement {
  const item = document.createElement('li');
  const input = document.createElement('input');
  input.value = name;
  input.maxLength = 100;
  input.ariaLabel = `Name of the passkey ${name}`;
  input.addEventListener('change', () => act(input, () => rename(id, input.value)));
  const use = document.createElement('span');
  const time = formatTime.format(new Date(lastUsedAt ?? createdAt));
  use.textContent = `${lastUsedAt ? 'Used' : 'Added'} ${time}${backedUp ? ' · synced' : ''}`;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = 'Remove';
  button.ariaLabel = `Remove the passkey ${name}`;
  button.addEventListener('click', () => act(button, () => remove(id)));
  item.append(input, use, button);
  return item;
}

/** Runs the action of a field or button, which is disabled meanwhile. */
function act(control: HTMLInputElement | HTMLButtonElement, action: () => Promise<void>): void {
  control.disabled = true;
  void action()
    .catch((error: unknown) => explain(error))
    .finally(() => {
      control.disabled = false;
    });
}

async function rename(id: string, name: string): Promise<void> {
  dataOf(await passkeys.rename(id, name));
  await loadPasskeys();
  say('Your passkey was renamed.');
}

async function remove(id: string): Promise<void> {
  const left = dataOf(await passkeys.remove(id));
  showPasskeys(left?.passkeys ?? []);
  say('Your passkey was removed. It no longer signs in.');
}
