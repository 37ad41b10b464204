import type { AccountFragment, SignedInFragment } from '../generated/graphql.ts';

/** The signed-in account. */
export type User = AccountFragment;

/** Tokens of a signed-in device. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Time in ms at which the access token expires, by the clock of this device. */
  readonly expiresAt: number;
  readonly user: User;
}

/** Keeps the session: `localStorage`, React Native's `AsyncStorage`, or your own. */
export interface Storage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

/** Reads and writes the session. */
export interface SessionStorage {
  read(): Promise<Session | undefined>;
  write(session: Session | undefined): Promise<void>;
  /** Takes over what another tab has written, if this tab cannot read it. */
  adopt?(session: Session | undefined): void;
}

/** Stands for the session of the cookie, as long as this tab has no access token of it. */
export const unknownSession = {
  ...{ accessToken: '', refreshToken: '', expiresAt: 0 },
  user: { id: '' },
} as Session;

/** Returns the id of a session, a claim of its access token. */
export function sessionIdOf(session: Session | undefined): unknown {
  try {
    const [, claims = ''] = session?.accessToken.split('.') ?? [];
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sid;
  } catch {
    return undefined;
  }
}

export function createSession(tokens: SignedInFragment): Session {
  const { accessToken, refreshToken, expiresIn, user } = tokens;
  const expiresAt = Date.now() + expiresIn * 1000;
  return { accessToken, refreshToken: refreshToken ?? '', expiresAt, user };
}

/** Keeps values until the process or page ends. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key),
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** Whether this is a page of a browser, which has other tabs. */
export const isPage = typeof document !== 'undefined';

/** `localStorage` in a page, memory elsewhere. A page may forbid the access. */
function defaultStorage(): Storage {
  try {
    if (isPage && localStorage) return localStorage;
  } catch {}
  return memoryStorage();
}

/** Falls back to memory if the storage fails: it may be full, or forbid writing. */
export function openStorage(key: string, storage = defaultStorage()): SessionStorage {
  let unsaved: { readonly session: Session | undefined } | undefined;
  return {
    async read() {
      if (unsaved) return unsaved.session;
      try {
        return parse(await storage.getItem(key));
      } catch {
        return undefined;
      }
    },
    async write(session) {
      try {
        if (session) await storage.setItem(key, JSON.stringify(session));
        else await storage.removeItem(key);
        unsaved = undefined;
      } catch {
        unsaved = { session };
      }
    },
  };
}

const SIGNED_OUT = 'signed-out';

/**
 * Keeps the session in memory, while a cookie has the refresh token. `localStorage` has only the id
 * of the user, by which tabs notice that another one has signed in or out.
 */
export function openCookieStorage(key: string): SessionStorage {
  let session: Session | undefined;
  let own: string | undefined;
  let isForbidden = false;
  const access = <Value>(work: () => Value): Value | undefined => {
    try {
      return isForbidden ? undefined : work();
    } catch {
      isForbidden = true;
      return undefined;
    }
  };
  const keep = (next: Session | undefined) => {
    session = next;
    own = next?.user.id ?? SIGNED_OUT;
  };
  return {
    async read() {
      const stored = access(() => localStorage.getItem(key));
      const user = isForbidden ? own : stored;
      if (user === SIGNED_OUT) return undefined;
      return session?.user.id === user && session ? session : unknownSession;
    },
    async write(next) {
      keep(next);
      access(() => localStorage.setItem(key, own ?? ''));
    },
    adopt: keep,
  };
}

function parse(text: string | null | undefined): Session | undefined {
  const session: Partial<Session> | null = JSON.parse(text ?? 'null');
  return session?.refreshToken && session.user ? (session as Session) : undefined;
}
