import type { SessionManager, SessionOptions } from './session-manager.ts';
import { isPage } from './session-storage.ts';

const body = JSON.stringify({ query: 'subscription { sessionEnded }' });

/** Maximum milliseconds until a stream that the service has completed is opened again. */
const SOON = 5000;
/** Milliseconds until the next stream after a failure. */
const LATER = 60_000;

/**
 * Creates a function that starts to listen for the end of the session at the service, once. One tab
 * listens for all, while it is visible and has Web Locks. Otherwise the next request finds out.
 */
export function createFollower(options: SessionOptions, sessions: SessionManager): () => void {
  if (!isPage || !navigator.locks) return () => undefined;
  let isStarted = false;
  let abort: AbortController | undefined;
  const start = async () => {
    if (abort || sessions.auth.state.status !== 'signed-in') return;
    abort = new AbortController();
    const { signal } = abort;
    const work = () => follow(options, sessions, signal);
    const lock = `${options.storageKey ?? 'gatehouse'}-live`;
    await navigator.locks.request(lock, { signal }, work).catch(() => undefined);
    abort = undefined;
  };
  return () => {
    if (isStarted) return;
    isStarted = true;
    sessions.auth.subscribe(() => void start());
    document.addEventListener('visibilitychange', () => void start());
    addEventListener('pageshow', () => void start());
    // The history cannot restore a page with a lock or an open request.
    addEventListener('pagehide', () => abort?.abort());
  };
}

async function follow(
  options: SessionOptions,
  sessions: SessionManager,
  signal: AbortSignal,
): Promise<void> {
  let wait: number | undefined = 0;
  while (!signal.aborted && document.visibilityState === 'visible') {
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = await listen(options, sessions, signal).catch(() => LATER);
    if (wait === undefined) return;
  }
}

/** Waits for the end of a stream. @returns milliseconds until the next one; undefined for none */
async function listen(
  options: SessionOptions,
  sessions: SessionManager,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { url, headers, fetch: request = fetch } = options;
  const { data: session } = await sessions.fresh();
  if (!session) return undefined;
  const response = await request(`${url.replace(/\/+$/, '')}/graphql`, {
    method: 'POST',
    credentials: 'omit',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${session.accessToken}`,
    },
    body,
    signal,
  });
  const text = await response.text();
  // Services of earlier releases do not know the subscription.
  if (response.status === 400) return undefined;
  if (!response.ok || text.includes('"errors"')) return LATER;
  const current = text.includes('"sessionEnded"') && (await sessions.current());
  // The service decides, because the user may have signed in again meanwhile.
  if (current) await sessions.refresh(current);
  return Math.random() * SOON;
}
