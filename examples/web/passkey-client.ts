import {
  PasskeyFactorOptionsDocument,
  PasskeyRegistrationOptionsDocument,
  PasskeySignInOptionsDocument,
  PasskeyStepUpOptionsDocument,
  PasskeysDocument,
  RegisterPasskeyDocument,
  RemovePasskeyDocument,
  RenamePasskeyDocument,
  SignInWithPasskeyDocument,
} from '../../client/generated/graphql.ts';
import {
  createPasskeys,
  type PasskeyClient,
  type PasskeyResult,
} from '../../client/src/passkeys.ts';
import { GatehouseError } from '../walk-through/gatehouse-error.ts';
import { run, signIn } from './session.ts';
import { say } from './views.ts';

/** Sends an operation, and returns its error as the client package does. */
async function resultOf<Data>(operation: Promise<Data>): Promise<PasskeyResult<Data>> {
  try {
    return { ok: true, data: await operation };
  } catch (error) {
    if (error instanceof GatehouseError) return { ok: false, error } as PasskeyResult<Data>;
    throw error;
  }
}

const passkeySignInOptions = () =>
  resultOf(run(PasskeySignInOptionsDocument, {}).then((data) => data.passkeySignInOptions));

/** Passkeys of the client package, on the session of this page. */
export const passkeys = createPasskeys({
  passkeySignInOptions,
  async signInWithPasskey(input) {
    const sent = run(SignInWithPasskeyDocument, { input });
    const result = await resultOf(sent.then((data) => data.signInWithPasskey));
    if (result.ok) signIn(result.data);
    return result;
  },
  passkeyFactorOptions: (input) =>
    resultOf(
      run(PasskeyFactorOptionsDocument, { input }).then((data) => data.passkeyFactorOptions),
    ),
  passkeyStepUpOptions: () =>
    resultOf(run(PasskeyStepUpOptionsDocument, {}).then((data) => data.passkeyStepUpOptions)),
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
} as PasskeyClient);

/**
 * Returns whether the browser has passkeys, also for this page: it accepts no IP address (WebAuthn
 * Level 3 §5.1.3).
 */
export const canUseHere = (): boolean =>
  passkeys.isSupported() && !/^[\d.]+$|^\[/.test(location.hostname);

/** Returns whether this page can use passkeys of a domain: its host is the domain or below it. */
export function canUse(rpId: string): boolean {
  const { hostname } = location;
  return canUseHere() && (hostname === rpId || hostname.endsWith(`.${rpId}`));
}

/** Returns whether this page can sign in with passkeys. Asks the service for their domain. */
export async function canSignIn(): Promise<boolean> {
  if (!canUseHere()) return false;
  const { data } = await passkeySignInOptions();
  const { rpId = '' } = (data?.options ?? {}) as PublicKeyCredentialRequestOptionsJSON;
  return canUse(rpId);
}

/** Returns whether an error is of the browser: nobody chose a passkey, for example. */
export const isOfBrowser = (error: PasskeyResult<unknown>['error']): boolean =>
  error !== undefined && !(error instanceof GatehouseError);

/** Returns the data of a result. @throws the error of the service; shows that of the browser */
export function dataOf<Value>({ data, error }: PasskeyResult<Value>): Value | undefined {
  if (error instanceof GatehouseError) throw error;
  if (error) say(error.code === 'ALREADY_ADDED' ? HAS_ONE : NONE_USED, 'problem');
  return data;
}

const HAS_ONE = 'This device has a passkey of your account already.';
const NONE_USED = 'The browser used no passkey. Please try again.';
