import { setTimeout as pause } from 'node:timers/promises';
import { OverloadedError } from '../errors/overloaded.ts';

/** Mails under way at once, and those among them to one domain: others have places left. */
const PLACES = 5;
const OF_ONE_DOMAIN = 3;
/** Milliseconds. Nobody waits for the place of a mail that has been under way for longer. */
const SLOW = 1000;

interface Place {
  readonly domain: string;
  /** When nobody waits for it any more. */
  readonly slowAt: number;
  readonly free: Promise<unknown>;
}

/** Sends one mail to a domain once it has a place. @throws OverloadedError where none will be free soon */
export type SendInPlace = (domain: string, send: () => Promise<void>) => Promise<void>;

/**
 * Divides the places of a process among the domains that it sends mails to: where one of them takes
 * long, or never ends, the mails to all others go on.
 */
export function createMailPlaces(): SendInPlace {
  const taken = new Set<Place>();
  const inTheWayOf = (domain: string): Place[] => {
    const same = [...taken].filter((place) => place.domain === domain);
    if (same.length >= OF_ONE_DOMAIN) return same;
    return taken.size >= PLACES ? [...taken] : [];
  };
  return async (domain, send) => {
    const late = performance.now() + SLOW;
    for (let others = inTheWayOf(domain); others.length > 0; others = inTheWayOf(domain)) {
      const until = Math.min(late, Math.max(...others.map(({ slowAt }) => slowAt)));
      const left = until - performance.now();
      if (left <= 0) throw new OverloadedError(1);
      await Promise.race([...others.map(({ free }) => free), pause(left)]);
    }
    const sending = send();
    const free = sending.catch(() => undefined);
    const place = { domain, slowAt: performance.now() + SLOW, free };
    taken.add(place);
    try {
      await sending;
    } finally {
      taken.delete(place);
    }
  };
}
