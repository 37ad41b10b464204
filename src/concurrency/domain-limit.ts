import { OverloadedError } from '../errors/overloaded.ts';

/** Maximum concurrent deliveries, to all domains and to one domain. */
const MAX = 5;
const MAX_PER_DOMAIN = 3;
/** Milliseconds after which a delivery counts as slow. Other mails do not wait for it. */
const SLOW = 1000;

interface Delivery {
  readonly domain: string;
  readonly slowAt: number;
}

interface WaitingMail {
  readonly domain: string;
  readonly deadline: number;
  readonly begins: PromiseWithResolvers<Delivery>;
  timer?: NodeJS.Timeout | undefined;
}

/** Limits concurrent deliveries per domain, so that a slow domain does not delay the others. */
export class DomainLimit {
  readonly #deliveries = new Set<Delivery>();
  /** Oldest first. */
  readonly #waiting = new Set<WaitingMail>();

  /** Sends a mail when its domain has room. @throws OverloadedError if there will be none soon */
  async run(domain: string, send: () => Promise<void>): Promise<void> {
    const isBlocked = this.#blocking(domain).length > 0;
    const delivery = isBlocked ? await this.#wait(domain) : this.#begin(domain);
    try {
      await send();
    } finally {
      this.#deliveries.delete(delivery);
      for (const mail of this.#waiting) this.#decide(mail);
    }
  }

  #begin(domain: string): Delivery {
    const delivery = { domain, slowAt: performance.now() + SLOW };
    this.#deliveries.add(delivery);
    return delivery;
  }

  #wait(domain: string): Promise<Delivery> {
    const begins = Promise.withResolvers<Delivery>();
    const mail = { domain, deadline: performance.now() + SLOW, begins };
    this.#waiting.add(mail);
    this.#decide(mail);
    return begins.promise;
  }

  /** Begins or refuses a mail, or lets it wait. */
  #decide(mail: WaitingMail): void {
    const others = this.#blocking(mail.domain);
    const until = Math.min(mail.deadline, Math.max(...others.map(({ slowAt }) => slowAt)));
    const left = until - performance.now();
    if (others.length > 0 && left > 0) {
      mail.timer ??= setTimeout(() => {
        mail.timer = undefined;
        this.#decide(mail);
      }, left);
      return;
    }
    clearTimeout(mail.timer);
    this.#waiting.delete(mail);
    if (others.length > 0) mail.begins.reject(new OverloadedError(1));
    else mail.begins.resolve(this.#begin(mail.domain));
  }

  /** Returns the deliveries that a mail has to wait for. */
  #blocking(domain: string): Delivery[] {
    const same = [...this.#deliveries].filter((delivery) => delivery.domain === domain);
    if (same.length >= MAX_PER_DOMAIN) return same;
    return this.#deliveries.size >= MAX ? [...this.#deliveries] : [];
  }
}
