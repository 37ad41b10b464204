import { isPage } from './session-storage.ts';

/** The tabs of one origin that share a session. */
export interface Tabs {
  /** Runs work in one tab at a time. */
  exclusive<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Tells the other tabs that the session has changed. They get the message, if there is one. */
  announce(message?: unknown): void;
}

/** The only tab, or a process without tabs. */
const alone: Tabs = { exclusive: (work) => work(), announce() {} };

/**
 * Milliseconds for which a tab keeps the lock after it has written. Chromium gives other tabs the
 * new content of `localStorage` some time later, without regard to locks.
 */
const PROPAGATION = 200;

/**
 * Connects the tabs that use this name.
 *
 * @param patience milliseconds to wait for another tab, which the system may have frozen
 * @param onMessage called with a message before `onChange`
 */
export function openTabs(
  name: string,
  patience: number,
  onChange: () => void,
  onMessage?: (message: unknown) => void,
): Tabs {
  if (!isPage) return alone;
  // The channel is for storages without this event, and the other two for a page that was frozen.
  addEventListener('storage', onChange);
  addEventListener('pageshow', onChange);
  document.addEventListener('visibilitychange', onChange);
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  channel?.addEventListener('message', ({ data }) => {
    onMessage?.(data);
    onChange();
  });
  let hasWritten = false;
  const propagation = async () => {
    if (hasWritten) await new Promise((resolve) => setTimeout(resolve, PROPAGATION));
    hasWritten = false;
  };
  return {
    announce(message) {
      hasWritten = true;
      channel?.postMessage(message);
    },
    // Without Web Locks two tabs may refresh at once. The service gives both the same tokens.
    exclusive: (work) => (navigator.locks ? locked(name, patience, work, propagation) : work()),
  };
}

/**
 * Runs work while this tab has the lock, or without it if another tab never releases it.
 *
 * @param release waits before the lock is released
 */
function locked<Value>(
  name: string,
  patience: number,
  work: () => Promise<Value>,
  release: () => Promise<void>,
): Promise<Value> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patience);
  return new Promise((resolve, reject) => {
    const run = async () => {
      clearTimeout(timer);
      await work().then(resolve, reject);
      await release();
    };
    navigator.locks.request(name, { signal: abort.signal }, run).catch(run);
  });
}
