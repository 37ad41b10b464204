import type { Session, User } from './session-storage.ts';

/** State of the sign-in. `loading` until the storage was read. The object changes only with its content. */
export type AuthState =
  | { readonly status: 'loading'; readonly user?: undefined }
  | { readonly status: 'signed-out'; readonly user?: undefined }
  | { readonly status: 'signed-in'; readonly user: User };

/** Change of the state, in this tab or another. `INITIAL` is sent once to each listener. */
export type AuthEvent = 'INITIAL' | 'SIGNED_IN' | 'SIGNED_OUT' | 'TOKEN_REFRESHED' | 'USER_UPDATED';

export type AuthListener = (state: AuthState, event: AuthEvent) => void;

/** Holds the state of this tab and tells listeners of changes. */
export class AuthStateHolder {
  state: AuthState = { status: 'loading' };
  #session: Session | undefined;
  readonly #listeners = new Set<AuthListener>();

  subscribe(listener: AuthListener): () => void {
    // A function may be subscribed twice.
    const entry: AuthListener = (state, event) => listener(state, event);
    this.#listeners.add(entry);
    if (this.state.status !== 'loading') this.#notify(entry, 'INITIAL');
    return () => void this.#listeners.delete(entry);
  }

  /** Adopts what the storage holds. */
  set(session: Session | undefined): void {
    const event = this.#eventOf(session);
    const { user } = session ?? {};
    this.#session = session;
    if (!event) return;
    if (event !== 'TOKEN_REFRESHED') {
      this.state = user ? { status: 'signed-in', user } : { status: 'signed-out' };
    }
    for (const listener of this.#listeners) this.#notify(listener, event);
  }

  #eventOf(next: Session | undefined): AuthEvent | undefined {
    const last = this.#session;
    if (this.state.status === 'loading') return 'INITIAL';
    if (!next) return last && 'SIGNED_OUT';
    if (next.user.id !== last?.user.id) return 'SIGNED_IN';
    if (JSON.stringify(next.user) !== JSON.stringify(last.user)) return 'USER_UPDATED';
    return next.accessToken === last.accessToken ? undefined : 'TOKEN_REFRESHED';
  }

  // An error of a listener must not reach the operation that caused the change.
  #notify(listener: AuthListener, event: AuthEvent): void {
    const { state } = this;
    queueMicrotask(() => this.#listeners.has(listener) && listener(state, event));
  }
}
