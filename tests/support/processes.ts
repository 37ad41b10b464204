import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A process of its own, as an operator would start it. */
export interface Program {
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Returns what it has written so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
}

const living = new Set<Program>();

afterAll(async () => {
  for (const program of living) program.signal('SIGKILL');
  await Promise.all([...living].map(({ ended }) => ended));
});

/** Starts a command; what still runs after the tests of the file is killed. */
export function start(command: readonly string[], options: ProgramOptions): Program {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code]) => {
    living.delete(program);
    return { code: code as number | null, output };
  });
  const program: Program = {
    ended,
    output: () => output,
    signal: (name) => void child.kill(name),
  };
  living.add(program);
  return program;
}

/** Runs a command to its end. @throws Error with all it said, unless it ends well. */
export async function run(command: readonly string[], options: ProgramOptions): Promise<string> {
  const { code, output } = await start(command, options).ended;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
  return output;
}
