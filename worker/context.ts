import type { Mailer } from '#src/ports/mail-order.ts';
import type { Stores } from '#src/services.ts';

/** Services of the worker. */
export interface WorkerContext extends Stores {
  readonly mailer: Mailer;
}
