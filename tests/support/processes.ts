import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { afterAll } from 'vitest';

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** A process of its own, as an operator would start it. */
export interface Program {
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
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
  const program: Program = { ended, signal: (name) => void child.kill(name) };
  living.add(program);
  return program;
}

/** Runs a command to its end. @throws Error with all it said, unless it ends well. */
export async function run(command: readonly string[], options: ProgramOptions): Promise<string> {
  const { code, output } = await start(command, options).ended;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Instruction {
  readonly word: string;
  readonly rest: string;
}
const instructions: Instruction[] = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { word, rest };
  });
/** What stands behind the last instruction of this name in the Dockerfile. */
export const lastOf = (wanted: string): string =>
  instructions.findLast(({ word }) => word === wanted)?.rest ?? '';
/** Both forms of a command: JSON, and a line for the shell. */
export const commandIn = (rest: string): string[] =>
  rest.startsWith('[') ? JSON.parse(rest) : ['sh', '-c', rest];
/** The Dockerfile's image without a Docker engine: its commands, run in order in an empty directory. */
export class Image {
  /** In the place of the image's `/`. */
  directory = '';
  #workdir = '';
  readonly #variables: Record<string, string> = {};

  async build(): Promise<void> {
    this.directory = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
    mkdirSync(join(this.directory, 'node'));
    symlinkSync(process.execPath, join(this.directory, 'node/node'));
    for (const { word, rest } of instructions) await this.#follow(word, rest);
  }

  /** Of a container with these variables. */
  environment(variables: Record<string, string>) {
    const { PATH = '', HOME, LD_LIBRARY_PATH } = process.env;
    const path = [join(this.directory, 'node'), PATH].join(':');
    const env = { PATH: path, HOME, LD_LIBRARY_PATH, ...this.#variables, ...variables };
    return { cwd: this.#workdir, env };
  }

  has(path: string): boolean {
    return existsSync(join(this.#workdir, path));
  }

  async #follow(word: string, rest: string): Promise<void> {
    if (word === 'WORKDIR') {
      this.#workdir = join(this.directory, rest);
      mkdirSync(this.#workdir, { recursive: true });
    } else if (word === 'ENV') {
      const [, name = '', value = ''] = /^(\w+)=(\S+)$/.exec(rest) ?? [];
      this.#variables[name] = value.startsWith('/') ? join(this.directory, value) : value;
    } else if (word === 'COPY') {
      const names = rest.split(' ');
      const target = names.pop() ?? '';
      for (const name of names) this.#copy(name, target.endsWith('/') ? target + name : target);
    } else if (word === 'RUN') {
      await this.#run(commandIn(rest.replace(/^--mount=\S+ /, '')));
    } else if (!['FROM', 'USER', 'EXPOSE', 'HEALTHCHECK', 'CMD'].includes(word)) {
      throw new Error(`this test does not know the instruction ${word}`);
    }
  }

  #copy(name: string, target: string): void {
    cpSync(join(root, name), join(this.#workdir, target), {
      recursive: true,
      filter: (path) => isSent(relative(root, path)),
    });
  }

  #run(command: string[]): Promise<string> {
    if (!command.at(-1)?.startsWith('npm ')) return run(command, this.environment({}));
    // npm wants the Node it came with; and what was downloaded once, need not be again.
    const { PATH = '', ...machine } = process.env;
    const path = PATH.split(':').filter((part) => !part.includes('/node_modules/'));
    const env = { ...machine, ...this.#variables, PATH: path.join(':') };
    return run(command, { cwd: this.#workdir, env: { ...env, npm_config_prefer_offline: 'true' } });
  }
}

/** Whether .dockerignore lets the builder have a path: the last line that names it decides. */
function isSent(path: string): boolean {
  const [top = ''] = path.split(sep);
  const lines = read('.dockerignore').split('\n');
  const deciding = lines.findLast((line) => ['*', top, path].includes(line.replace(/^!/, '')));
  return deciding?.startsWith('!') ?? true;
}
