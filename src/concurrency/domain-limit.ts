import { setTimeout as pause } from 'node:timers/promises';
import { OverloadedError } from '../errors/overloaded.ts';

/** Maximum concurrent deliveries, to all domains and to one domain. */
const MAX = 5;
const MAX_PER_DOMAIN = 3;
/** Milliseconds after which a delivery counts as slow. Other mails do not wait for it. */
const SLOW = 1000;

interface Delivery {
  readonly domain: string;
  readonly slowAt: number;
  readonly ended: Promise<unknown>;
}

/** Sends a mail when its domain has room. @throws OverloadedError if there will be none soon */
export type SendToDomain = (domain: string, send: () => Promise<void>) => Promise<void>;

/** Limits concurrent deliveries per domain, so that a slow domain does not delay the others. */
export function createDomainLimit(): SendToDomain {
  const deliveries = new Set<Delivery>();
  const blocking = (domain: string): Delivery[] => {
    const same = [...deliveries].filter((delivery) => delivery.domain === domain);
    if (same.length >= MAX_PER_DOMAIN) return same;
    return deliveries.size >= MAX ? [...deliveries] : [];
  };
  return async (domain, send) => {
    const deadline = performance.now() + SLOW;
    for (let others = blocking(domain); others.length > 0; others = blocking(domain)) {
      const until = Math.min(deadline, Math.max(...others.map(({ slowAt }) => slowAt)));
      const left = until - performance.now();
      if (left <= 0) throw new OverloadedError(1);
      await Promise.race([...others.map(({ ended }) => ended), pause(left)]);
    }
    const sending = send();
    const ended = sending.catch(() => undefined);
    const delivery = { domain, slowAt: performance.now() + SLOW, ended };
    deliveries.add(delivery);
    await sending.finally(() => deliveries.delete(delivery));
  };
}
