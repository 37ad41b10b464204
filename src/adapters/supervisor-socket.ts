import { connect } from 'node:net';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';

/** The `npm start` that runs in a directory. */
export interface RunningSupervisor {
  readonly pid: number;
  /**
   * Settings that commands need: URLs of the stores and the secret. Empty until all processes are
   * running.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** Pids of the processes that it manages, by name. */
  readonly processes: Readonly<Record<string, number>>;
}

/** Returns the path of the socket on which the supervisor of a data directory responds. */
export const socketIn = (directory: string): string => join(directory, 'run/supervisor.sock');

/** Asks a supervisor to describe itself. @returns undefined if none runs. @throws if it hangs */
export async function askSupervisor(path: string): Promise<RunningSupervisor | undefined> {
  try {
    const signal = AbortSignal.timeout(5_000);
    return JSON.parse(await text(connect({ path: relative('', path), signal })));
  } catch (cause) {
    if ((cause as Error).name !== 'AbortError') return undefined;
    throw new Error(
      `${path}: the running \`npm start\` does not respond. Resume it (\`fg\`) or stop it.`,
      {
        cause,
      },
    );
  }
}
