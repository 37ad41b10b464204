import type { Viewer } from '../accounts/user.ts';

/** The administrator or operator who runs an operation. */
export interface Actor {
  /** Name in the audit log: the id of an account, or `operator` for the command line. */
  readonly by: string;
  /** The session of an `ADMIN`, which has to last until the change. */
  readonly viewer?: Viewer;
}

export const operator: Actor = { by: 'operator' };

export const actorOf = (viewer: Viewer): Actor => ({ by: viewer.user.id, viewer });
