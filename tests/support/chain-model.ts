/** Seconds. */
const GRACE = 10;
export const DAY = 86_400;
const MAX_CHILDREN = 5;

/** The child that a presented token gets: one that did not exist before, this one again, or none. */
export interface Expected {
  readonly result: 'new' | 'same' | 'none';
  /** The token to get again. */
  readonly same: number;
}

const none: Expected = { result: 'none', same: -1 };

/** Model of a chain of refresh tokens. Tokens are indexes. */
export class ChainModel {
  #now = 0;
  #madeAt = 0;
  #ended = false;
  #count = 1;
  #parent: number | undefined;
  /** Children of the parent, of which none is used. */
  #unused = [0];

  wait(seconds: number): void {
    this.#now += seconds;
  }

  get isOver(): boolean {
    return this.#ended || this.hasExpired;
  }

  get hasExpired(): boolean {
    return this.#now - this.#madeAt >= 14 * DAY || this.#now >= 30 * DAY;
  }

  present(token: number): Expected {
    if (this.isOver) return none;
    if (this.#unused.includes(token)) {
      this.#parent = token;
      return this.#make([]);
    }
    if (token !== this.#parent) {
      this.#ended = true;
      return none;
    }
    const newest = this.#unused.at(-1) ?? 0;
    const isRetry = this.#now - this.#madeAt <= GRACE;
    if (isRetry || this.#unused.length === MAX_CHILDREN) return { result: 'same', same: newest };
    return this.#make(this.#unused);
  }

  #make(siblings: number[]): Expected {
    this.#unused = [...siblings, this.#count];
    this.#count += 1;
    this.#madeAt = this.#now;
    return { result: 'new', same: -1 };
  }
}
