import fc from 'fast-check';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { ChainModel, DAY } from './support/chain-model.ts';
import { Person } from './support/flow.ts';

const app = useApp();
const patience = 60_000;

async function newChain() {
  const ada = new Person(app);
  const { refreshToken } = await ada.signIn();
  const model = new ChainModel();
  const tokens: string[] = [refreshToken];
  const refresh = async (token = '') =>
    (await ada.refresh(token)).data?.refreshTokens.refreshToken ?? undefined;
  const wait = (seconds: number) => {
    app.clock.advance({ seconds });
    model.wait(seconds);
  };
  /** Presents a token by its index, and expects what the model says. */
  const present = async (index: number) => {
    const child = await refresh(tokens[index]);
    const expected = model.present(index);
    const isNew = child !== undefined && !tokens.includes(child);
    const wanted = {
      none: undefined,
      new: isNew ? child : 'a child that did not exist before',
      same: tokens[expected.same],
    };
    expect(child).toBe(wanted[expected.result]);
    if (isNew) tokens.push(child);
    return child;
  };
  return { ada, model, tokens, refresh, wait, present };
}

const endedSessions = (email: string) =>
  app.sql(
    `select 1 from sessions s join accounts a on a.id = s.account_id
     where a.email = ? and s.ended_at is not null`,
    [email],
  );

/** None that adds up to 10 s: real time goes on beside the simulated one. */
const pause = fc.constantFrom(0, 0, 2.7, 5.3, 7.9, 11, 11, 60, 3 * DAY, 13 * DAY, 15 * DAY);
/** Counted back from the newest. */
const back = fc.constantFrom(0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6);
const scripts = { numRuns: 25, endOnFailure: true };

it(
  'follows the model for any token that is presented at any time',
  async () => {
    const script = fc.array(fc.record({ pause, back }), { minLength: 1, maxLength: 14 });
    const property = fc.asyncProperty(script, async (steps) => {
      const { tokens, wait, present } = await newChain();
      for (const step of steps) {
        wait(step.pause);
        await present(Math.max(0, tokens.length - 1 - step.back));
      }
      expect(new Set(tokens).size).toBe(tokens.length);
    });
    await fc.assert(property, scripts);
  },
  patience,
);

it(
  'follows the model for a parent token that is presented repeatedly',
  async () => {
    const late = fc.constantFrom(0, 5.3, 11, 11, 60, DAY);
    const script = fc.tuple(fc.array(late, { minLength: 4, maxLength: 9 }), fc.nat(6), fc.nat(6));
    const property = fc.asyncProperty(script, async ([pauses, use, dead]) => {
      const { tokens, wait, present } = await newChain();
      for (const pause of pauses) {
        wait(pause);
        await present(0);
      }
      await present(1 + (use % (tokens.length - 1)));
      await present(1 + (dead % (tokens.length - 1)));
      await present(tokens.length - 1);
      expect(tokens.length).toBeLessThanOrEqual(9);
    });
    await fc.assert(property, scripts);
  },
  patience,
);

it(
  'never leaves two valid chains, whatever tokens are presented concurrently',
  async () => {
    const burst = fc.record({
      pause: fc.constantFrom(0, 11),
      backs: fc.array(back, { minLength: 2, maxLength: 6 }),
    });
    const property = fc.asyncProperty(fc.array(burst, { maxLength: 4 }), async (script) => {
      const { tokens, refresh, wait } = await newChain();
      for (const { pause, backs } of script) {
        wait(pause);
        const presented = backs.map((each) => tokens[Math.max(0, tokens.length - 1 - each)]);
        const children = await Promise.all(presented.map(refresh));
        for (const child of children) if (child && !tokens.includes(child)) tokens.push(child);
      }
      const child = await refresh(tokens.at(-1));
      await refresh(child);
      const answers = await Promise.all(tokens.map(refresh));
      expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
    });
    await fc.assert(property, { ...scripts, numRuns: 12 });
  },
  patience,
);

it(
  'never signs out a client that only retries, in any order and delay',
  async () => {
    /**
     * The client presents its token, from several tabs at once, until it is content. Answers get lost
     * or come late: it keeps any one of them, and uses that the next time.
     */
    const retry = fc.record({
      delay: fc.constantFrom(0, 2.7, 5.3, 7.9, 11, 17, 60, DAY, 2 * DAY),
      tabs: fc.integer({ min: 1, max: 3 }),
    });
    const exchange = fc.record({
      idle: fc.integer({ min: 0, max: 10 * DAY }),
      retries: fc.array(retry, { minLength: 1, maxLength: 8 }),
      kept: fc.nat(),
    });
    const script = fc.array(exchange, { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(script, async (exchanges) => {
      const { model, tokens, wait, present } = await newChain();
      let held = 0;
      for (const { idle, retries, kept } of exchanges) {
        wait(idle);
        const children: number[] = [];
        for (const { delay, tabs } of retries) {
          wait(delay);
          if (model.isOver) return;
          const first = await present(held);
          const others = await Promise.all(Array.from({ length: tabs - 1 }, () => present(held)));
          expect(new Set([first, ...others]).size).toBe(1);
          expect(first).toBeDefined();
          children.push(tokens.indexOf(first ?? ''));
        }
        expect(new Set(children).size).toBeLessThanOrEqual(5);
        held = children[kept % children.length] ?? held;
      }
    });
    await fc.assert(property, { ...scripts, numRuns: 15 });
  },
  patience,
);

it(
  'detects a stolen token once thief and victim have both used their tokens',
  async () => {
    const turn = fc.record({ who: fc.constantFrom('victim', 'thief'), pause });
    const property = fc.asyncProperty(fc.array(turn, { maxLength: 10 }), async (turns) => {
      const { ada, model, tokens, wait, present } = await newChain();
      const held = { victim: 0, thief: 0 };
      const use = async (who: keyof typeof held) => {
        const child = await present(held[who]);
        if (child) held[who] = tokens.indexOf(child);
        return child;
      };
      for (const { who, pause } of turns) {
        wait(pause);
        await use(who as keyof typeof held);
      }
      for (let count = 0; count < 3; count += 1) await use('victim');
      expect(await use('thief')).toBeUndefined();
      expect(await use('victim')).toBeUndefined();
      expect(model.isOver).toBe(true);
      const ended = await endedSessions(ada.email);
      expect(ended).toHaveLength(model.hasExpired ? ended.length : 1);
    });
    await fc.assert(property, { ...scripts, numRuns: 20 });
  },
  patience,
);
