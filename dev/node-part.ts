import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { labelLines } from './label-lines.ts';
import type { Part, Task } from './parts.ts';
import { describeEnd, launch, type Running } from './processes.ts';

export interface NodePartOptions {
  /** One word; its lines in the terminal begin with it. */
  name: string;
  /** The data directory (pid files). */
  directory: string;
  /** Absolute path of the script, run by the Node that runs us. */
  script: string;
  args?: string[];
  /** The whole environment of the child, asked for at every start (addresses are known only then). */
  env: () => Record<string, string | undefined>;
  /**
   * When given: the part is ready when it has sent the IPC message `{ ready: true }`, for which it has
   * this many milliseconds. Without it the part is ready once it runs.
   */
  readyWithin?: number;
  /** How long it may take to end after SIGTERM, in milliseconds (10,000 unless given). */
  stopWithin?: number;
}

/**
 * A script of ours as a part: a Node process with an IPC channel, through which it tells that it is
 * ready and sees (`process.on('disconnect')`) that the supervisor died, whereupon it must end itself.
 */
export function nodePart(options: NodePartOptions): Part {
  return {
    name: options.name,
    async start(signal) {
      const { child, ...running } = launchNode(options);
      if (options.readyWithin !== undefined) {
        await untilReady(child, running, options.readyWithin, signal);
      }
      return running;
    },
  };
}

/** A script that runs once, to its end, such as the migrations. Rejects when its code is not 0. */
export function nodeTask(options: Omit<NodePartOptions, 'readyWithin'>): Task {
  return {
    name: options.name,
    async run(signal) {
      const { child, ...running } = launchNode(options);
      const abort = () => void running.stop();
      signal.addEventListener('abort', abort);
      const ended = await running.exited;
      signal.removeEventListener('abort', abort);
      await allSaid(child);
      signal.throwIfAborted();
      if (ended.code !== 0) throw new Error(`${options.name} failed (${describeEnd(ended)})`);
    },
  };
}

function launchNode(options: NodePartOptions) {
  const { name, directory, script, args = [], stopWithin = 10_000 } = options;
  const launched = launch({
    name,
    directory,
    command: process.execPath,
    args: [script, ...args],
    stopSignal: 'SIGTERM',
    stopWithin,
    spawn: { env: options.env(), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  });
  const { stdout, stderr } = launched.child;
  stdout?.pipe(labelLines(name)).pipe(process.stdout, { end: false });
  stderr?.pipe(labelLines(name)).pipe(process.stderr, { end: false });
  return launched;
}

async function untilReady(
  child: ChildProcess,
  running: Running,
  bound: number,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const giveUp = AbortSignal.any([over.signal, signal]);
  const outcome = await Promise.race([
    readyMessage(child, giveUp),
    sleep(bound, `was not ready after ${bound / 1000} s`, { signal: giveUp }),
    running.exited.then((ended) => `ended (${describeEnd(ended)}) before it was ready`),
  ]).catch(() => 'was stopped');
  over.abort();
  if (outcome === 'ready') return;
  await running.stop();
  await allSaid(child);
  signal.throwIfAborted();
  throw new Error(`${running.name} ${outcome}`);
}

async function readyMessage(child: ChildProcess, signal: AbortSignal): Promise<'ready'> {
  for (;;) {
    const [message] = (await once(child, 'message', { signal })) as [unknown];
    if (typeof message === 'object' && message && 'ready' in message && message.ready)
      return 'ready';
  }
}

/** What it said last is worth more than what we say about it: wait for it, but not for a grandchild. */
async function allSaid({ stdout, stderr }: ChildProcess): Promise<void> {
  const ends = [stdout, stderr]
    .filter((stream) => stream !== null)
    .map((stream) => finished(stream).catch(() => undefined));
  await Promise.race([Promise.all(ends), sleep(500)]);
}
