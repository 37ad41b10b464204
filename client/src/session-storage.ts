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

function parse(text: string | null | undefined): Session | undefined {
  const session: Partial<Session> | null = JSON.parse(text ?? 'null');
  return session?.refreshToken && session.user ? (session as Session) : undefined;
}
