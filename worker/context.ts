import type { Mailer } from '#src/ports.ts';
import type { Stores } from '#src/runtime.ts';

/** What the work after the commit may use. */
export interface WorkerContext extends Stores {
  readonly mailer: Mailer;
}
