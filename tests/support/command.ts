import { tmpdir } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { afterAll } from 'vitest';
import { runGatehouse } from '#src/cli/gatehouse.ts';
import type { Variables } from '#src/config/load-config.ts';
import type { TestApp } from './app.ts';

/** Returns the environment of a command that works on the stores of an app. */
export function commandVariables({ runtime }: TestApp): Record<string, string> {
  const { databaseUrl, redisUrl, secretKey } = runtime.config;
  return {
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SECRET_KEY: secretKey,
  };
}

interface CommandOptions {
  /** The whole environment. */
  readonly variables?: Variables;
  /** Text on standard input. */
  readonly input?: string;
}

/** Runs `gatehouse WORDS…` in this process, in a directory without `.env`. */
export async function gatehouse(
  words: readonly string[],
  { variables = {}, input = '' }: CommandOptions = {},
): Promise<{ code: number; output: string }> {
  let output = '';
  const collect = new Writable({
    write(chunk, _encoding, done) {
      output += chunk;
      done();
    },
  });
  const code = await runGatehouse(words, {
    variables: () => variables,
    originOf: () => 'environment',
    directory: tmpdir(),
    stdin: Readable.from(input ? [input] : []),
    stdout: collect,
    stderr: collect,
  });
  return { code, output };
}

/** Runs a command on the stores of an app. */
export function command(
  app: TestApp,
  name:
    | 'api-keys'
    | 'audit'
    | 'config'
    | 'createsuperuser'
    | 'doctor'
    | 'export'
    | 'import'
    | 'keys'
    | 'outbox'
    | 'sessions'
    | 'users'
    | 'webhooks',
  words: string,
  { variables, input = '' }: CommandOptions = {},
): Promise<{ code: number; output: string }> {
  const given = { ...commandVariables(app), ...variables };
  return gatehouse([name, ...words.split(' ').filter(Boolean)], { variables: given, input });
}

/** A process, started as an operator would start it. */
export interface Program {
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Returns what it has written so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
}

const running = new Set<Program>();

afterAll(async () => {
  for (const program of running) program.signal('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
});

/** Starts a program with the given environment only. Kills it after the tests of the file. */
export function start(
  [file = '', ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Program {
  let output = '';
  const collect = function* (line: string) {
    output += `${line}\n`;
    yield line;
  };
  const streams = { stdin: 'ignore', stdout: collect, stderr: collect } as const;
  const subprocess = execa(file, args, { ...options, ...streams, extendEnv: false, reject: false });
  const ended = subprocess.then(({ exitCode }) => {
    running.delete(program);
    return { code: exitCode ?? null, output };
  });
  const program = {
    ended,
    output: () => output,
    signal: (name: NodeJS.Signals) => void subprocess.kill(name),
  };
  running.add(program);
  return program;
}
