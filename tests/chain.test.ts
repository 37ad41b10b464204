import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();
const GRACE = 10;
const DAY = 86_400;

/** What a chain of refresh tokens has to do, said once more (contract §2). */
class Model {
  readonly tokens: string[];
  #now = 0;
  #rotatedAt = 0;
  #ended = false;

  constructor(first: string) {
    this.tokens = [first];
  }

  wait(seconds: number): void {
    this.#now += seconds;
  }

  get isOver(): boolean {
    const unused = this.#now - this.#rotatedAt;
    return this.#ended || unused >= 14 * DAY || this.#now >= 30 * DAY;
  }

  /** @returns whether the answer is a new child, the same one again, or none */
  present(generation: number): 'new' | 'same' | 'none' {
    const live = this.tokens.length - 1;
    if (this.isOver) return 'none';
    if (generation === live) {
      this.#rotatedAt = this.#now;
      return 'new';
    }
    if (generation === live - 1 && this.#now - this.#rotatedAt <= GRACE) return 'same';
    this.#ended = true;
    return 'none';
  }
}

async function newChain() {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const refresh = async (token: string | undefined) =>
    (await ada.refresh(token ?? '')).data?.refreshTokens.refreshToken;
  return { model: new Model(refreshToken), refresh };
}

/** None that adds up to 10 s: real time goes on beside the simulated one. */
const pause = fc.constantFrom(0, 0, 2.7, 5.3, 9.1, 11, 60, 3 * DAY, 13 * DAY, 15 * DAY);
/** Counted back from the newest. */
const back = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 3);
const scripts = { numRuns: 25, endOnFailure: true };

it('answers any presentation of any generation at any time as the rules say', async () => {
  const script = fc.array(fc.record({ pause, back }), { minLength: 1, maxLength: 12 });
  const property = fc.asyncProperty(script, async (steps) => {
    const { model, refresh } = await newChain();
    for (const { pause, back } of steps) {
      app.clock.advance({ seconds: pause });
      model.wait(pause);
      const generation = Math.max(0, model.tokens.length - 1 - back);
      const child = await refresh(model.tokens[generation]);
      const expected = model.present(generation);
      if (expected === 'new') model.tokens.push(child ?? 'no child came');
      expect(child).toBe(expected === 'none' ? undefined : model.tokens[generation + 1]);
    }
    expect(new Set(model.tokens).size).toBe(model.tokens.length);
  });
  await fc.assert(property, scripts);
});

it('never leaves two live tokens, whatever is presented at once', async () => {
  const bursts = fc.array(fc.array(back, { minLength: 2, maxLength: 6 }), { maxLength: 4 });
  const property = fc.asyncProperty(bursts, async (script) => {
    const { model, refresh } = await newChain();
    const { tokens } = model;
    for (const burst of script) {
      const generations = burst.map((back) => Math.max(0, tokens.length - 1 - back));
      const children = await Promise.all(generations.map((each) => refresh(tokens[each])));
      for (const child of children) if (child && !tokens.includes(child)) tokens.push(child);
    }
    app.clock.advance({ seconds: GRACE + 1 });
    const answers = await Promise.all(tokens.map(refresh));
    expect(answers.filter((child) => child !== undefined).length).toBeLessThanOrEqual(1);
  });
  await fc.assert(property, { ...scripts, numRuns: 12 });
});

it('never ends the session of a client that only retried', async () => {
  /** Answers that get lost, and the two tabs that ask with the same token, within 10 s. */
  const exchange = fc.record({
    idle: fc.integer({ min: 0, max: 13 * DAY }),
    retries: fc.array(fc.integer({ min: 0, max: GRACE / 2 - 1 }), { maxLength: 2 }),
    tabs: fc.integer({ min: 1, max: 3 }),
  });
  const property = fc.asyncProperty(fc.array(exchange, { maxLength: 5 }), async (script) => {
    const { model, refresh } = await newChain();
    let token = model.tokens[0];
    for (const { idle, retries, tabs } of script) {
      app.clock.advance({ seconds: idle });
      model.wait(idle);
      if (model.isOver) return;
      const children = await Promise.all(Array.from({ length: tabs }, () => refresh(token)));
      model.present(model.tokens.length - 1);
      for (const seconds of retries) {
        app.clock.advance({ seconds });
        model.wait(seconds);
        children.push(await refresh(token));
      }
      expect(new Set(children).size).toBe(1);
      expect(children[0]).toBeDefined();
      model.tokens.push(children[0] ?? '');
      token = children[0];
    }
  });
  await fc.assert(property, { ...scripts, numRuns: 12 });
});
