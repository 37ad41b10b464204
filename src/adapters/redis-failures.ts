import { type AbstractConnector, type Redis, SentinelConnector } from 'ioredis';
import { causeOf } from '../errors/outage-diagnosis.ts';

/**
 * Why connections failed. ioredis hides the errors of those on which it asks nodes for their slots, and
 * sentinels for the primary: it reports only that they were closed.
 */
export class ConnectionFailures {
  #last: Error | undefined;

  /** The last error. One that an operator must repair counts more than a later one that passes. */
  get last(): Error | undefined {
    return this.#last;
  }

  /** Watches the connections that a method opens. */
  watch(owner: object, method: string): void {
    const methods = owner as Record<string, (...values: unknown[]) => Redis>;
    const open = methods[method]?.bind(owner);
    if (!open) throw new Error(`This release of ioredis has no ${method}`);
    const note = (error: Error) => {
      if (!causeOf(this.#last)?.isMisconfigured) this.#last = error;
    };
    methods[method] = (...values) => open(...values).on('error', note);
  }

  forget(): void {
    this.#last = undefined;
  }
}

/** Asks sentinels for the primary. Reports why they failed if all of them did. */
export class Sentinels extends SentinelConnector {
  readonly #failures = new ConnectionFailures();

  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
    this.#failures.watch(this, 'connectToSentinel');
  }

  override connect(emit: Parameters<AbstractConnector['connect']>[0]) {
    this.#failures.forget();
    return super.connect((type, error) => {
      // ioredis's own message has the reason if a sentinel has refused the question.
      const isHidden = type === 'error' && !causeOf(error)?.isMisconfigured;
      emit(type, (isHidden && this.#failures.last) || error);
    });
  }
}
