import { setTimeout as sleep } from 'node:timers/promises';
import { explain } from './explain.ts';
import type { Part } from './parts.ts';
import { describeEnd, type Running } from './processes.ts';

/** What the supervisor knows while it runs. */
export interface House {
  say: (line: string) => void;
  /** Aborted when everything is to end. */
  ending: AbortSignal;
  /** By name: what runs now. */
  running: Map<string, Running>;
}

/** The pause before a restart, in milliseconds: doubled each time, first again after a long life. */
const PAUSE = { first: 100, longest: 5_000, forgetAfter: 10_000 };

/** Starts a part again whenever it dies; resolves when the house ends. */
export async function keepAlive(part: Part, first: Running, house: House): Promise<void> {
  const { ending, running } = house;
  const over = new Promise<undefined>((resolve) => {
    ending.addEventListener('abort', () => resolve(undefined), { once: true });
    if (ending.aborted) resolve(undefined);
  });
  let pause = PAUSE.first;
  for (let live: Running | undefined = first; live; ) {
    // Also when the end has come meanwhile: whoever ends the house must find it here.
    running.set(part.name, live);
    const born = Date.now();
    const ended = await Promise.race([live.exited, over]);
    if (!ended || ending.aborted) return;
    running.delete(part.name);
    if (Date.now() - born >= PAUSE.forgetAfter) pause = PAUSE.first;
    [live, pause] = await revive(part, `ended (${describeEnd(ended)})`, pause, house);
  }
}

/** Tries until it runs. @returns what runs, or undefined when the house ends, and the next pause. */
async function revive(part: Part, what: string, first: number, { say, ending }: House) {
  let [news, pause] = [what, first];
  while (!ending.aborted) {
    say(`${part.name} ${news}: starting it again in ${pause} ms`);
    await sleep(pause, undefined, { signal: ending }).catch(() => undefined);
    pause = Math.min(pause * 2, PAUSE.longest);
    try {
      if (!ending.aborted) return [await part.start(ending), pause] as const;
    } catch (error) {
      news = `does not start (${explain(error)})`;
    }
  }
  return [undefined, pause] as const;
}
