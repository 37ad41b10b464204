import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLog } from '#dev/log-file.ts';
import { launch, type Running, untilReady } from '#dev/managed-process.ts';
import { ordinaryUsers } from '#dev/postgres/run-as.ts';

/** Milliseconds that a daemon may take to start. */
const START = 60_000;

const [user] = ordinaryUsers();
/** User of the daemons if this process is root, because PostgreSQL and PgBouncer refuse root. */
const ids = user ? { uid: user.uid, gid: user.gid } : {};

interface DaemonOptions {
  readonly name: string;
  /** Directory of the whole topology; the log goes to `log/`. */
  readonly directory: string;
  readonly command: readonly string[];
  isReady(): Promise<boolean>;
  /** Further processes that belong to it, although it is not their parent. */
  others?(): number[];
}

/** A part of the topology that can be killed, frozen and restarted. */
export interface Part {
  readonly name: string;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  restart(): Promise<void>;
}

/** A program of Debian that runs as an ordinary user. */
export class Daemon implements Part {
  readonly name: string;
  readonly logFile: string;
  readonly #options: DaemonOptions;
  #running: Running | undefined;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.name = options.name;
    this.logFile = join(options.directory, 'log', `${options.name}.log`);
  }

  async restart(): Promise<void> {
    const { name, directory, command, isReady } = this.#options;
    const log = openLog(directory, name);
    const output = { stdout: log.descriptor as 9, stderr: log.descriptor as 9 };
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory, LC_ALL: 'C.UTF-8' };
    const options = { cwd: '/', env, stdin: 'ignore', ...ids, ...output } as const;
    this.#running = launch(name, command, options);
    log.close();
    const ready = async (signal: AbortSignal) => {
      while (!(await isReady())) await pause(100, undefined, { signal });
    };
    await untilReady(this.#running, ready, START, new AbortController().signal);
  }

  async kill(): Promise<void> {
    const { exited } = this.#running ?? {};
    this.#signal('SIGKILL');
    await exited;
  }

  freeze(): void {
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#signal('SIGCONT');
  }

  #signal(name: NodeJS.Signals): void {
    const pids = [this.#running?.pid ?? 0, ...(this.#options.others?.() ?? [])];
    for (const pid of pids.filter((each) => each > 0)) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended already.
      }
    }
  }
}

/** Makes a directory that the daemons may write to. */
export function directoryOf(...path: readonly string[]): string {
  const directory = join(...path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (user) chownSync(directory, user.uid, user.gid);
  return directory;
}

/** Writes a file that the daemons alone may read. */
export function configurationFile(path: string, text: string): string {
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  if (user) chownSync(path, user.uid, user.gid);
  return path;
}

/** Whether an HTTP endpoint answers 200. */
export const answersOk = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    ({ status }) => status === 200,
    () => false,
  );
