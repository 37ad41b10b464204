'use client';
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useState,
  useSyncExternalStore,
} from 'react';
import type { AuthState, GatehouseClient, User } from './client.ts';
import {
  createSignIn,
  type SignInActions,
  type SignInOptions,
  type SignInState,
} from './sign-in.ts';

export type { SignInActions, SignInOptions, SignInState } from './sign-in.ts';

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
