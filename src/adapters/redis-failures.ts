import { type AbstractConnector, type Redis, type RedisOptions, SentinelConnector } from 'ioredis';
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

  watch(connection: Redis): Redis {
    return connection.on('error', (error) => {
      if (!causeOf(this.#last)?.isMisconfigured) this.#last = error;
    });
  }

  forget(): void {
    this.#last = undefined;
  }
}

/** A method of ioredis's connector that its types hide. */
interface Opening {
  connectToSentinel(endpoint: object, options?: RedisOptions): Redis;
}

/** Asks sentinels for the primary. Reports why they failed if all of them did. */
export class Sentinels extends SentinelConnector {
  readonly #failures = new ConnectionFailures();

  constructor(options: unknown) {
    super(options as ConstructorParameters<typeof SentinelConnector>[0]);
    const opening = this as unknown as Opening;
    const open = opening.connectToSentinel.bind(this);
    // CLIENT SETINFO would need a permission.
    opening.connectToSentinel = (endpoint, more) =>
      this.#failures.watch(open(endpoint, { ...more, disableClientInfo: true }));
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
