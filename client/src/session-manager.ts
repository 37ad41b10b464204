import { RefreshTokensDocument, type SignedInFragment } from '../generated/graphql.ts';
import { AuthStateHolder } from './auth-state.ts';
import { type Result, success } from './result.ts';
import { type ConnectionOptions, send } from './send.ts';
import {
  createSession,
  openStorage,
  type Session,
  type SessionStorage,
  type Storage,
  type User,
} from './session-storage.ts';
import { openTabs, type Tabs } from './tabs.ts';

export interface SessionOptions extends ConnectionOptions {
  /** Keeps the session: `localStorage` in a page, memory elsewhere by default. */
  readonly storage?: Storage;
  /** Key in the storage, and name of the lock and channel of the tabs: `gatehouse` by default. */
  readonly storageKey?: string;
}

/** Milliseconds before the expiry of the access token from which it is refreshed. */
const EARLY = 60_000;

/**
 * Keeps the session of one user. The storage is the truth, because other tabs write it too. It is
 * read before each refresh, so a spent refresh token is never sent.
 */
export class SessionManager {
  readonly auth = new AuthStateHolder();
  readonly #options: SessionOptions;
  readonly #storage: SessionStorage;
  readonly #tabs: Tabs;
  #refresh: Promise<Result<Session | undefined>> | undefined;

  constructor(options: SessionOptions) {
    const { storageKey = 'gatehouse', storage, timeout = 15_000 } = options;
    this.#options = options;
    this.#storage = openStorage(storageKey, storage);
    this.#tabs = openTabs(storageKey, 2 * timeout, () => void this.current());
  }

  async current(): Promise<Session | undefined> {
    const session = await this.#storage.read();
    this.auth.set(session);
    return session;
  }

  async save(session: Session | undefined): Promise<void> {
    await this.#storage.write(session);
    this.auth.set(session);
    this.#tabs.announce();
  }

  signIn(tokens: SignedInFragment): Promise<void> {
    return this.save(createSession(tokens));
  }

  async updateUser(user: User): Promise<void> {
    const session = await this.current();
    if (session?.user.id !== user.id) return;
    if (JSON.stringify(session.user) !== JSON.stringify(user))
      await this.save({ ...session, user });
  }

  /** Returns a session whose access token is not about to expire, if there is a session. */
  async fresh(): Promise<Result<Session | undefined>> {
    const session = await this.current();
    const left = session ? session.expiresAt - Date.now() : EARLY;
    if (!session || left >= EARLY) return success(session);
    const refreshed = await this.refresh(session);
    return refreshed.ok || left <= 0 ? refreshed : success(session);
  }

  /** Refreshes the session once for all callers, in all tabs. */
  refresh(used: Session): Promise<Result<Session | undefined>> {
    this.#refresh ??= this.#tabs
      .exclusive(() => this.#rotate(used))
      .finally(() => {
        this.#refresh = undefined;
      });
    return this.#refresh;
  }

  async #rotate(used: Session): Promise<Result<Session | undefined>> {
    const session = await this.current();
    // Another tab was faster, or the user has logged out.
    if (session?.accessToken !== used.accessToken) return success(session);
    const result = await this.#exchange(session);
    const now = await this.current();
    // The user has logged out or signed in meanwhile, or a tab without a lock was faster.
    if (now?.refreshToken !== session.refreshToken) return success(now);
    if (!result.ok && result.error.code !== 'INVALID_TOKEN') return result;
    const next = result.ok ? createSession(result.data.refreshTokens) : undefined;
    await this.save(next);
    return success(next);
  }

  /** Asks again if the response was lost: the service accepts a token until its successor is used. */
  async #exchange({ refreshToken }: Session) {
    const attempt = () => send(this.#options, RefreshTokensDocument, { input: { refreshToken } });
    const result = await attempt();
    return result.error?.code === 'NETWORK_ERROR' ? attempt() : result;
  }
}
