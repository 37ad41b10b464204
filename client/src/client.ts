import {
  LogoutDocument,
  type LogoutMutation,
  type SignedInFragment,
  SignInWithPasskeyDocument,
  VerifyFactorDocument,
  VerifyOtpDocument,
} from '../generated/graphql.ts';
import type { AuthListener, AuthState } from './auth-state.ts';
import { createFollower } from './follow-session.ts';
import { documentOf, type OperationName, type Operations, publicOperations } from './operations.ts';
import { type Result, success } from './result.ts';
import { send, type TypedDocument, withCookie } from './send.ts';
import { SessionManager, type SessionOptions } from './session-manager.ts';
import type { User } from './session-storage.ts';

export type {
  AuditEventName,
  ErrorCode,
  FactorName,
  Role,
  UserStatus,
} from '../generated/enums.ts';
export type { AuthEvent, AuthListener, AuthState } from './auth-state.ts';
export type { Operations } from './operations.ts';
export type { GatehouseError, Result } from './result.ts';
export type { TypedDocument } from './send.ts';
export { memoryStorage, type Storage, type User } from './session-storage.ts';

export type ClientOptions = SessionOptions;

/** A client of Gatehouse for one user: every operation of the service, and the session. */
export interface GatehouseClient
  extends Omit<
    Operations,
    'verifyOtp' | 'verifyFactor' | 'signInWithPasskey' | 'refreshTokens' | 'logout'
  > {
  /** Redeems a sign-in code and keeps the session. `MFA_REQUIRED`: call `verifyFactor` next. */
  verifyOtp(input: Parameters<Operations['verifyOtp']>[0]): Promise<Result<{ user: User }>>;
  /** Completes a sign-in with a second factor and keeps the session. */
  verifyFactor(input: Parameters<Operations['verifyFactor']>[0]): Promise<Result<{ user: User }>>;
  /** Signs in with a passkey and keeps the session. `createPasskeys` asks the browser for it. */
  signInWithPasskey(
    input: Parameters<Operations['signInWithPasskey']>[0],
  ): Promise<Result<{ user: User }>>;
  /** Refreshes the session now. It happens by itself before the access token expires. */
  refreshTokens(): Promise<Result<{ user: User } | undefined>>;
  /** Ends the session in all tabs at once, then at the service, which may be unreachable. */
  logout(): Promise<Result<LogoutMutation['logout']>>;
  /** Runs a document of your own, with the access token if there is a session. */
  request<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Promise<Result<Data>>;
  /** Returns an access token for another API, refreshed if needed. Undefined without a session. */
  getAccessToken(): Promise<string | undefined>;
  /** Returns who is signed in, as far as this tab knows. */
  getState(): AuthState;
  /** Calls the listener with the state now and after each change. Returns a function that ends it. */
  onAuthStateChange(listener: AuthListener): () => void;
}

/** Creates a client. A page needs one; a server needs one for each request. */
export function createClient(options: ClientOptions): GatehouseClient {
  const sessions = new SessionManager(options);
  const request = createRequest(options, sessions);
  const connection = withCookie(options);
  const signIn = <Name extends 'verifyOtp' | 'verifyFactor' | 'signInWithPasskey', Input>(
    name: Name,
    document: TypedDocument<Readonly<Record<Name, SignedInFragment>>, { input: Input }>,
    input: Input,
  ) =>
    sessions.signIn(async () => {
      const result = await send(connection, document, { input });
      return result.ok ? success(result.data[name]) : result;
    });
  const follow = createFollower(options, sessions);
  return {
    ...(createOperations(options, request, sessions) as unknown as Operations),
    request,
    verifyOtp: (input) => signIn('verifyOtp', VerifyOtpDocument, input),
    verifyFactor: (input) => signIn('verifyFactor', VerifyFactorDocument, input),
    signInWithPasskey: (input) => signIn('signInWithPasskey', SignInWithPasskeyDocument, input),
    async refreshTokens() {
      const session = await sessions.current();
      const result = session ? await sessions.refresh(session) : success(undefined);
      return result.ok ? success(result.data && { user: result.data.user }) : result;
    },
    logout() {
      return sessions.end(async (session) => {
        if (!session && !options.cookie) return success({ detail: 'There is no session.' });
        const { accessToken, refreshToken } = session ?? {};
        const input = refreshToken ? { refreshToken } : {};
        const result = await send(connection, LogoutDocument, { input }, accessToken);
        return result.ok ? success(result.data.logout) : result;
      });
    },
    async getAccessToken() {
      const { data } = await sessions.fresh();
      return data?.accessToken;
    },
    getState: () => sessions.auth.state,
    onAuthStateChange(listener) {
      const unsubscribe = sessions.auth.subscribe(listener);
      void sessions.load();
      follow();
      return unsubscribe;
    },
  };
}

/** Sends the access token. Refreshes it once if the service rejects it. */
function createRequest(options: ClientOptions, sessions: SessionManager) {
  return async <Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
  ): Promise<Result<Data>> => {
    const session = await sessions.fresh();
    if (!session.ok) return session;
    const result = await send(options, document, variables, session.data?.accessToken);
    if (!session.data || result.error?.code !== 'UNAUTHENTICATED') return result;
    const refreshed = await sessions.refresh(session.data);
    if (!refreshed.ok) return refreshed;
    return refreshed.data ? send(options, document, variables, refreshed.data.accessToken) : result;
  };
}

function createOperations(
  options: ClientOptions,
  request: GatehouseClient['request'],
  sessions: SessionManager,
) {
  const run = async (name: OperationName, given: unknown): Promise<Result<unknown>> => {
    const document = documentOf[name];
    const variables = document.toString().includes('$input') ? { input: given } : (given ?? {});
    const result = publicOperations.has(name)
      ? await send(options, document, variables)
      : await request(document, variables);
    if (!result.ok) return result;
    const [data] = Object.values(result.data);
    if (name === 'me' || name === 'updateProfile') await sessions.updateUser(data as User);
    if (name === 'confirmEmailChange') await run('me', undefined);
    if (name === 'deleteMyAccount') await sessions.save(undefined);
    return success(data);
  };
  return Object.fromEntries(
    (Object.keys(documentOf) as OperationName[]).map((name) => [
      name,
      (given?: unknown) => run(name, given),
    ]),
  );
}
