import type { Mailer } from '#src/ports/mail-order.ts';
import type { Stores } from '#src/services.ts';

/** What the work after the commit may use. */
export interface WorkerContext extends Stores {
  readonly mailer: Mailer;
}
