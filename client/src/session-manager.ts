import { RefreshTokensDocument, type SignedInFragment } from '../generated/graphql.ts';
import { AuthStateHolder } from './auth-state.ts';
import { type Result, success } from './result.ts';
import { type ConnectionOptions, send, withCookie } from './send.ts';
import {
  createSession,
  openCookieStorage,
  openStorage,
  type Session,
  type SessionStorage,
  type Storage,
  sessionIdOf,
  type User,
  unknownSession,
} from './session-storage.ts';
import { openTabs, type Tabs } from './tabs.ts';

export interface SessionOptions extends ConnectionOptions {
  /**
   * Keeps the refresh token in an `HttpOnly` cookie, and the access token in memory. For pages on the
   * site of Gatehouse. `storage` is not used then.
   */
  readonly cookie?: boolean;
  /** Keeps the session: `localStorage` in a page, memory elsewhere by default. */
  readonly storage?: Storage;
  /** Key in the storage, and name of the lock and channel of the tabs: `gatehouse` by default. */
  readonly storageKey?: string;
}

/** Seconds until a page asks again which session its cookie has. */
const RETRY = 5;

/** Milliseconds before the expiry of the access token from which it is refreshed. */
const EARLY = 60_000;

/** Codes that end a session: of its token, or of a page that may not use the cookie. */
const final: readonly string[] = ['INVALID_TOKEN', 'FORBIDDEN'];

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
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SessionOptions) {
    const { cookie, storageKey = 'gatehouse', storage, timeout = 15_000 } = options;
    this.#options = options;
    this.#storage = cookie ? openCookieStorage(storageKey) : openStorage(storageKey, storage);
    this.#tabs = openTabs(
      storageKey,
      2 * timeout,
      () => void this.load(),
      (message) => this.#storage.adopt?.(message as Session | undefined),
    );
  }

  async current(): Promise<Session | undefined> {
    const session = await this.#storage.read();
    if (session !== unknownSession) this.auth.set(session);
    return session;
  }

  /** Reads the session. In cookie mode, asks the service for it until there is an answer. */
  async load(): Promise<void> {
    const session = await this.current();
    if (session !== unknownSession) return;
    const { error } = await this.refresh(session);
    if (!error) return;
    const { retryAfter = RETRY } = error as { retryAfter?: number };
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.load(), retryAfter * 1000);
  }

  async save(session: Session | undefined): Promise<void> {
    await this.#storage.write(session);
    this.auth.set(session);
    // Other tabs cannot read the memory of this one.
    this.#tabs.announce(this.#storage.adopt && session);
  }

  /** Signs in with a request. In cookie mode nothing else may write the cookie meanwhile. */
  signIn(request: () => Promise<Result<SignedInFragment>>): Promise<Result<{ user: User }>> {
    const work = async () => {
      const result = await request();
      if (!result.ok) return result;
      const tokens = result.data;
      await this.save(createSession(tokens));
      return success({ user: tokens.user });
    };
    return this.#options.cookie ? this.#tabs.exclusive(work) : work();
  }

  /**
   * Signs out this device at once, and then ends the session by a request. The lock keeps the refresh
   * of another tab from bringing the session back.
   */
  async end<Data>(request: (session: Session | undefined) => Promise<Data>): Promise<Data> {
    const session = await this.current();
    await this.save(undefined);
    const drop = async () => {
      const left = await this.current();
      if (left && sessionIdOf(left) === sessionIdOf(session)) await this.save(undefined);
    };
    if (this.#options.cookie)
      return this.#tabs.exclusive(() => drop().then(() => request(session)));
    const [data] = await Promise.all([request(session), this.#tabs.exclusive(drop)]);
    return data;
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
  async refresh(used: Session): Promise<Result<Session | undefined>> {
    this.#refresh ??= this.#tabs
      .exclusive(() => this.#rotate(used))
      .finally(() => {
        this.#refresh = undefined;
      });
    const result = await this.#refresh;
    // One that had begun for an earlier session finds this one, which the service has refused since.
    return result.data?.accessToken === used.accessToken ? this.refresh(used) : result;
  }

  async #rotate(used: Session): Promise<Result<Session | undefined>> {
    const session = await this.current();
    // Another tab was faster, or the user has logged out.
    if (session?.accessToken !== used.accessToken) return success(session);
    const result = await this.#exchange(session);
    const now = await this.current();
    // The user has logged out or signed in meanwhile, or a tab without a lock was faster.
    const isSame = now?.accessToken === session.accessToken || now === unknownSession;
    if (!isSame) return success(now);
    if (!result.ok && !final.includes(result.error.code)) return result;
    const next = result.ok ? createSession(result.data.refreshTokens) : undefined;
    await this.save(next);
    return success(next);
  }

  /** Asks again if the response was lost: the service accepts a token until its successor is used. */
  async #exchange({ refreshToken }: Session) {
    const { cookie } = this.#options;
    const input = cookie ? {} : { refreshToken };
    const attempt = () => send(withCookie(this.#options), RefreshTokensDocument, { input });
    const result = await attempt();
    return result.error?.code === 'NETWORK_ERROR' ? attempt() : result;
  }
}
