import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../ports/logger.ts';

/** Number of processes to start, and their environment variables. */
interface Plan {
  readonly processes: number;
  readonly variables: Readonly<Record<string, string>>;
}

interface GroupOptions {
  readonly log: Log;
  /** Reads the plan. Called again before a restart. */
  readonly readPlan: () => Plan;
  /** Environment variable that tells a process its number, from 1. */
  readonly numberVariable: string;
}

/** Exit code, or name of the signal. */
type End = number | string;

interface Member {
  readonly worker: Worker;
  /** Resolves when the process is ready, or with its end if that is first. */
  readonly started: Promise<End | undefined>;
  readonly ended: Promise<End>;
}

/** Milliseconds before a replacement: doubled each time, reset after a run of `resetAfter`. */
const PAUSE = { first: 100, longest: 5000, resetAfter: 10_000 };

/** Milliseconds that a process has to end after SIGTERM. It ends within 9 s. */
const STOP_TIMEOUT = 9500;

/** Number of short runs in a row after which the log names a lasting problem. */
const SHORT_RUNS = 3;

/**
 * Server processes that share their ports, each with a number from 1. Passes connections on to them
 * in turn, and replaces a process that ends.
 */
export class ProcessGroup {
  readonly #options: GroupOptions;
  #plan: Plan;
  /** The process of each number. Processes that it has replaced may still drain. */
  readonly #current = new Map<number, Member>();
  readonly #alive = new Set<Member>();
  readonly #stopping = new AbortController();
  /** Resolves when the start and all requested restarts are complete. */
  #settled: Promise<unknown> = Promise.resolve();
  #hasQueuedRestart = false;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#plan = options.readPlan();
  }

  /**
   * Starts the first process, and then the others: what prevents a start is reported once.
   * @returns the end of the first process if it ends before it is ready
   */
  start(): Promise<End | undefined> {
    const starting = this.#start();
    this.#settled = starting;
    return starting;
  }

  /** Replaces one process after another, with newly read settings. */
  restart(): void {
    if (this.#hasQueuedRestart) return;
    this.#hasQueuedRestart = true;
    this.#settled = this.#settled.then(() => {
      this.#hasQueuedRestart = false;
      return this.#restart();
    });
  }

  /** Stops all processes. @returns whether all of them drained in time */
  stop(): Promise<boolean> {
    this.#stopping.abort();
    return stopAll([...this.#alive]);
  }

  async #start(): Promise<End | undefined> {
    const first = this.#launch(1);
    const end = await first.started;
    if (end !== undefined) return end;
    void this.#keepRunning(1, first);
    const others = Array.from({ length: this.#plan.processes - 1 }, (_, index) => {
      const member = this.#launch(index + 2);
      void this.#keepRunning(index + 2, member);
      return member.started;
    });
    await Promise.all(others);
    return undefined;
  }

  #launch(number: number): Member {
    const { numberVariable } = this.#options;
    const worker = cluster.fork({ ...this.#plan.variables, [numberVariable]: String(number) });
    closeLostConnection(worker);
    const ended = new Promise<End>((resolve) => {
      worker.once('exit', (code, signal) => resolve(signal || code));
      // Other errors concern messages to a process that is ending.
      worker.on('error', () => {
        if (worker.process.pid === undefined) resolve(1);
      });
    });
    const ready = new Promise<undefined>((resolve) => {
      worker.on('message', ({ ready }) => ready && resolve(undefined));
    });
    const member = { worker, ended, started: Promise.race([ready, ended]) };
    this.#alive.add(member);
    void ended.then(() => this.#alive.delete(member));
    return member;
  }

  /** Replaces the process of a number whenever it ends, until another one takes its number. */
  async #keepRunning(number: number, first: Member): Promise<void> {
    let shortRuns = 0;
    for (let member = first; ; member = this.#launch(number)) {
      this.#current.set(number, member);
      const startedAt = performance.now();
      const end = await member.ended;
      shortRuns = performance.now() - startedAt < PAUSE.resetAfter ? shortRuns + 1 : 0;
      const wait = Math.min(PAUSE.first * 2 ** Math.max(0, shortRuns - 1), PAUSE.longest);
      const isReplaced = () =>
        this.#stopping.signal.aborted || this.#current.get(number) !== member;
      if (isReplaced()) return;
      const message =
        shortRuns < SHORT_RUNS
          ? 'A server process ended unexpectedly. Starting another one.'
          : 'A server process keeps ending shortly after its start. The lines above show the reason.';
      this.#options.log.error({ process: number, end, wait }, message);
      const { signal } = this.#stopping;
      await pause(wait, undefined, { signal }).catch(() => undefined);
      if (isReplaced()) return;
    }
  }

  async #restart(): Promise<void> {
    const { log, readPlan } = this.#options;
    const before = this.#plan;
    log.info({}, 'restarting the server processes one by one');
    try {
      this.#plan = readPlan();
      const count = Math.max(this.#plan.processes, this.#current.size);
      for (let number = 1; number <= count; number += 1) await this.#replace(number);
      log.info({ processes: this.#plan.processes }, 'restarted all server processes');
    } catch (error) {
      this.#plan = before;
      if (this.#stopping.signal.aborted) return;
      log.error(
        {},
        `Restart cancelled, the running processes continue: ${(error as Error).message}`,
      );
    }
  }

  /** Starts another process for a number, then stops the old one. @throws if it does not start */
  async #replace(number: number): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    const next = number <= this.#plan.processes ? this.#launch(number) : undefined;
    const end = await next?.started;
    if (end !== undefined) throw new Error(`a new process ended before it was ready (${end})`);
    const old = this.#current.get(number);
    this.#current.delete(number);
    if (next) void this.#keepRunning(number, next);
    if (old) await stopAll([old]);
  }
}

/** Tells processes to drain, and waits for them. @returns false if one had to be killed */
async function stopAll(members: readonly Member[]): Promise<boolean> {
  const signal = (name: NodeJS.Signals) => {
    for (const { worker } of members) worker.process.kill(name);
  };
  const ended = Promise.all(members.map((member) => member.ended));
  signal('SIGTERM');
  const inTime = await Promise.race([
    ended.then(() => true),
    pause(STOP_TIMEOUT, false, { ref: false }),
  ]);
  if (!inTime) signal('SIGKILL');
  await ended;
  return inTime;
}

/**
 * Closes a connection that was on its way to a process when that ended. Node forgets to, and the
 * client would wait forever.
 */
export function closeLostConnection({ process: child }: Pick<Worker, 'process'>): void {
  let inTransit: Handle | undefined;
  const send = child.send.bind(child) as (...values: unknown[]) => boolean;
  child.send = (...values: unknown[]) => {
    if (isHandle(values[1])) inTransit = values[1];
    return send(...values);
  };
  child.prependListener('internalMessage', ({ ack }: { ack?: number }) => {
    if (ack !== undefined) inTransit = undefined;
  });
  child.once('exit', () => inTransit?.close());
}

interface Handle {
  close(): void;
}

/** Whether a value is a connection. Messages without one may have options or a callback there. */
const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'close' in value;

/** Whether this process belongs to a group, and is not its primary. */
export const isGroupMember = cluster.isWorker;

/** Lets this process drain when its primary is gone, instead of exiting at once. */
export function drainWithoutPrimary(): void {
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
  // Node accepts a connection that was on its way, and fails to tell the primary so.
  cluster.worker?.on('error', () => undefined);
  // A terminal, or `kill` of the process group, also sends the signal for the primary.
  process.on('SIGHUP', () => undefined);
}

/** Returns connections that are on their way to this process, which has stopped listening. */
export async function leaveGroup(): Promise<void> {
  if (!cluster.worker?.isConnected()) return;
  cluster.worker.disconnect();
  await Promise.race([once(process, 'disconnect'), pause(1000)]);
}
