import { execa, type Options } from 'execa';

export interface CommandOptions extends Pick<Options, 'cwd' | 'env' | 'uid' | 'gid'> {
  /** Text on standard input. Default: none. */
  readonly input?: string;
  /** Kills the command and its descendants. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a short command to its end, without a shell. With `env`, that is its whole environment. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { signal, input = '', ...options }: CommandOptions = {},
) {
  signal?.throwIfAborted();
  const { failed, stdout, stderr, originalMessage } = await execa(command, args, {
    ...{ ...options, input, extendEnv: !options.env, reject: false },
    // Its process group too: initdb and apt-get start processes of their own.
    ...{ killDescendants: true, killSignal: 'SIGKILL', ...(signal && { cancelSignal: signal }) },
  });
  signal?.throwIfAborted();
  return { succeeded: !failed, stdout, stderr: stderr || (originalMessage ?? '') };
}

/** Returns the last line with text, for an error message. */
export const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';
