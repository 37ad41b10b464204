import { type SpawnOptions, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface CommandOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  /** Written to the command's standard input; without it the command reads an empty one. */
  input?: string;
  /** Kills the command. */
  signal?: AbortSignal | undefined;
}

/** What a short command said and how it ended; `code` is null when a signal ended it. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a short command to its end, without a shell. A command that cannot start has code 127. */
export async function runCommand(
  command: string,
  args: string[],
  { input = '', ...options }: CommandOptions = {},
): Promise<CommandResult> {
  const { signal, ...rest } = options;
  signal?.throwIfAborted();
  // Its own session, like the long-lived children: Ctrl-C is for the supervisor, which then aborts.
  const child = spawn(command, args, { ...rest, detached: true, stdio: 'pipe' });
  // The whole group: initdb and apt-get work through children of their own.
  const abort = () => void (child.pid && child.exitCode === null && kill(-child.pid));
  signal?.addEventListener('abort', abort);
  const ended = new Promise<Pick<CommandResult, 'code'> & { error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: 127, error }));
    child.once('close', (code) => resolve({ code }));
  });
  // A command may end without reading its input; that is its own affair.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const [stdout, stderr, end] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    signal?.throwIfAborted();
    return { code: end.code, stdout, stderr: end.error?.message ?? stderr };
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** The last line that says something, for an error of one line. */
export function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}
