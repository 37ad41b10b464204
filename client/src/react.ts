'use client';
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import type { AuthState, GatehouseClient, User } from './client.ts';
import { createPasskeys, type PasskeyResult, type Passkeys } from './passkeys.ts';
import {
  createSignIn,
  type SignInActions,
  type SignInOptions,
  type SignInState,
} from './sign-in.ts';

export type { Passkey, PasskeyList, PasskeyResult, Passkeys } from './passkeys.ts';
export type { FactorProof, SignInActions, SignInOptions, SignInState } from './sign-in.ts';

const ClientContext = createContext<GatehouseClient | undefined>(undefined);

interface GatehouseProviderProps {
  readonly client: GatehouseClient;
  readonly children?: ReactNode;
}

/** Gives a client to the hooks below it. */
export function GatehouseProvider({ client, children }: GatehouseProviderProps): ReactElement {
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** Returns the client of the nearest `GatehouseProvider`. */
export function useGatehouse(): GatehouseClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('useGatehouse needs a <GatehouseProvider> around the component.');
  return client;
}

/** A server does not know the session of the browser. */
const serverState: AuthState = { status: 'loading' };

/** Returns who is signed in. Follows every tab. */
export function useAuthState(): AuthState {
  const client = useGatehouse();
  return useSyncExternalStore(client.onAuthStateChange, client.getState, () => serverState);
}

/** Returns the signed-in account. Undefined if there is none, or while the session is loading. */
export function useUser(): User | undefined {
  return useAuthState().user;
}

/** Returns state and actions of a sign-in: address → code, or password → code. */
export function useSignIn(options?: SignInOptions): SignInState & SignInActions {
  const client = useGatehouse();
  const [signIn] = useState(() => createSignIn(client, options));
  const state = useSyncExternalStore(signIn.subscribe, signIn.getState, signIn.getState);
  return { ...signIn, ...state };
}

interface PasskeyOptions {
  /**
   * Offers passkeys by autofill while the component is mounted, in a field with
   * `autoComplete="username webauthn"`.
   */
  readonly autofill?: boolean;
}

/** Returns the passkeys of the client, and the last error of autofill. */
export function usePasskeys({ autofill = false }: PasskeyOptions = {}): Passkeys & {
  readonly autofillError: PasskeyResult<never>['error'];
} {
  const client = useGatehouse();
  const [passkeys] = useState(() => createPasskeys(client));
  const [autofillError, setError] = useState<PasskeyResult<never>['error']>();
  useEffect(() => {
    if (!autofill) return undefined;
    const closing = new AbortController();
    void passkeys.supportsAutofill().then(async (isSupported) => {
      if (!isSupported || closing.signal.aborted) return;
      const result = await passkeys.autofill(closing.signal);
      if (!closing.signal.aborted) setError(result?.error);
    });
    return () => closing.abort();
  }, [passkeys, autofill]);
  return { ...passkeys, autofillError };
}
