import type { GatehouseClient, Operations, User } from './client.ts';
import type { GatehouseError } from './result.ts';

type Data<Name extends keyof Operations> = NonNullable<
  Awaited<ReturnType<Operations[Name]>>['data']
>;

export type PasskeyList = Data<'passkeys'>;
export type Passkey = PasskeyList['passkeys'][number];
/** A new passkey; of a first factor, with the recovery codes, which are shown once. */
export type RegisteredPasskey = Data<'registerPasskey'>;

/**
 * An error of the browser: the user cancelled or took too long, the device has a passkey of the
 * account already, or the browser has no passkeys.
 */
export interface BrowserError {
  readonly code: 'CANCELLED' | 'ALREADY_ADDED' | 'UNSUPPORTED';
  readonly message: string;
  readonly cause?: unknown;
}

/** The result of an action. Actions never throw. */
export type PasskeyResult<Value> =
  | { readonly ok: true; readonly data: Value; readonly error?: undefined }
  | {
      readonly ok: false;
      readonly error: GatehouseError | BrowserError;
      readonly data?: undefined;
    };

/** Signals of the browser, which the types of TypeScript lack (WebAuthn Level 3 §5.1.10). */
interface Signals {
  signalAllAcceptedCredentials?(options: {
    readonly rpId: string;
    readonly userId: string;
    readonly allAcceptedCredentialIds: readonly string[];
  }): Promise<void>;
  signalUnknownCredential?(options: {
    readonly rpId: string;
    readonly credentialId: string;
  }): Promise<void>;
  signalCurrentUserDetails?(options: {
    readonly rpId: string;
    readonly userId: string;
    readonly name: string;
    readonly displayName: string;
  }): Promise<void>;
}

/** Passkeys of the signed-in account, and sign-in with them. */
export interface Passkeys {
  /** Whether the browser has passkeys, and converts their JSON. */
  isSupported(): boolean;
  /** Whether it offers them by autofill. */
  supportsAutofill(): Promise<boolean>;
  /** Asks for a passkey, and opens a session. */
  signIn(): Promise<PasskeyResult<{ user: User }>>;
  /**
   * Offers passkeys by autofill of a field with `autocomplete="username webauthn"`, until the user picks
   * one, `signIn` begins, or the signal aborts it: it returns undefined then.
   */
  autofill(signal?: AbortSignal): Promise<PasskeyResult<{ user: User }> | undefined>;
  /** Adds a passkey. Its name is that of the authenticator by default. */
  add(name?: string): Promise<PasskeyResult<RegisteredPasskey>>;
  /**
   * Asks for a passkey, and returns the proof for `verifyFactor` after `MFA_REQUIRED` or, without a
   * challenge ID, for `stepUp`.
   */
  prove(challengeId?: string): Promise<PasskeyResult<{ passkey: Record<string, unknown> }>>;
  /** Lists the passkeys, and tells the browser which of them work. */
  list(): Promise<PasskeyResult<PasskeyList>>;
  rename(id: string, name: string): Promise<PasskeyResult<Passkey>>;
  /** Removes a passkey, and tells the browser which of them are left. */
  remove(id: string): Promise<PasskeyResult<PasskeyList>>;
  /** Tells the browser the names of the account, after a change of them or of the address. */
  updateDetails(user: Pick<User, 'email' | 'firstName' | 'lastName'>): Promise<void>;
}

/** The operations that passkeys need. */
export type PasskeyClient = Pick<
  GatehouseClient,
  | 'passkeySignInOptions'
  | 'signInWithPasskey'
  | 'passkeyFactorOptions'
  | 'passkeyStepUpOptions'
  | 'passkeyRegistrationOptions'
  | 'registerPasskey'
  | 'passkeys'
  | 'renamePasskey'
  | 'removePasskey'
>;

/** Creates the passkeys of a client. */
export function createPasskeys(client: PasskeyClient): Passkeys {
  let pending = new AbortController();
  const signIn = async (signal: AbortSignal, mediation?: 'conditional') => {
    const { data, error } = await client.passkeySignInOptions();
    if (error) return failed(error);
    const options = data.options as PublicKeyCredentialRequestOptionsJSON;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const found = await ask(() =>
      navigator.credentials.get({ publicKey, signal, ...(mediation && { mediation }) }),
    );
    if (!found.ok) return found;
    const result = await client.signInWithPasskey({ credential: found.data });
    if (result.error?.code === 'NOT_FOUND' && options.rpId) {
      await forget(options.rpId, found.data.id);
    }
    return result;
  };
  return {
    isSupported,
    supportsAutofill: async () =>
      isSupported() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true,
    signIn() {
      // The browser runs one request at a time.
      pending.abort();
      return isSupported() ? signIn(new AbortController().signal) : unsupported();
    },
    async autofill(signal) {
      pending.abort();
      pending = new AbortController();
      const own = pending.signal;
      const either = signal ? AbortSignal.any([own, signal]) : own;
      for (;;) {
        const round = AbortSignal.any([either, AbortSignal.timeout(RENEWAL)]);
        const result = await signIn(round, 'conditional');
        if (either.aborted) return undefined;
        // The options have expired: new ones replace them.
        if (!round.aborted) return result;
      }
    },
    async add(name) {
      if (!isSupported()) return unsupported();
      pending.abort();
      const { data, error } = await client.passkeyRegistrationOptions();
      if (error) return failed(error);
      const options = data.options as PublicKeyCredentialCreationOptionsJSON;
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      const created = await ask(() => navigator.credentials.create({ publicKey }));
      if (!created.ok) return created;
      return client.registerPasskey({ credential: created.data, ...(name && { name }) });
    },
    async prove(challengeId) {
      if (!isSupported()) return unsupported();
      pending.abort();
      const { data, error } = await (challengeId === undefined
        ? client.passkeyStepUpOptions()
        : client.passkeyFactorOptions({ challengeId }));
      if (error) return failed(error);
      const options = data.options as PublicKeyCredentialRequestOptionsJSON;
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const found = await ask(() => navigator.credentials.get({ publicKey }));
      return found.ok ? { ok: true, data: { passkey: found.data } } : found;
    },
    list: async () => announce(await client.passkeys()),
    rename: (id, name) => client.renamePasskey({ id, name }),
    remove: async (id) => announce(await client.removePasskey({ id })),
    async updateDetails({ email, firstName, lastName }) {
      const { data } = await client.passkeys();
      if (!data?.userId) return;
      const { rpId, userId } = data;
      const displayName = [firstName, lastName].filter(Boolean).join(' ') || email;
      const details = { rpId, userId, name: email, displayName };
      await quietly(() => signals().signalCurrentUserDetails?.(details));
    },
  };
}

/** Milliseconds after which autofill gets new options. A challenge is valid for 5 minutes. */
const RENEWAL = 240_000;

type CredentialJson = Record<string, unknown> & { readonly id: string };

const isSupported = (): boolean =>
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function';

const signals = () => PublicKeyCredential as unknown as Signals;

const failed = (error: GatehouseError | BrowserError) => ({ ok: false, error }) as const;

const unsupported = async () =>
  failed({ code: 'UNSUPPORTED', message: 'This browser has no passkeys.' });

/** Runs a ceremony of the browser. */
async function ask(run: () => Promise<Credential | null>): Promise<PasskeyResult<CredentialJson>> {
  try {
    const credential = (await run()) as PublicKeyCredential | null;
    const data = credential?.toJSON() as CredentialJson | undefined;
    if (data) return { ok: true, data };
    return failed({ code: 'CANCELLED', message: 'No passkey was chosen.' });
  } catch (cause) {
    const isKnown = (cause as Error).name === 'InvalidStateError';
    const code = isKnown ? 'ALREADY_ADDED' : 'CANCELLED';
    return failed({ code, message: String((cause as Error).message), cause });
  }
}

/** Tells the browser which passkeys work, so that it offers no others. */
async function announce(result: PasskeyResult<PasskeyList>): Promise<PasskeyResult<PasskeyList>> {
  const { rpId, userId, passkeys = [] } = result.data ?? {};
  if (rpId && userId && isSupported()) {
    const allAcceptedCredentialIds = passkeys.map(({ credentialId }) => credentialId);
    const accepted = { rpId, userId, allAcceptedCredentialIds };
    await quietly(() => signals().signalAllAcceptedCredentials?.(accepted));
  }
  return result;
}

/** Only for a passkey that nobody has: the browser deletes it, or offers it no longer. */
const forget = (rpId: string, credentialId: string) =>
  quietly(() => signals().signalUnknownCredential?.({ rpId, credentialId }));

/** A browser may reject signals. They are hints. */
async function quietly(signal: () => Promise<void> | undefined): Promise<void> {
  try {
    await signal();
  } catch {
    // Nothing depends on it.
  }
}
