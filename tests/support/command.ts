import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runGatehouse } from '#src/cli/gatehouse.ts';
import type { Variables } from '#src/config/load-config.ts';
import type { TestApp } from './app.ts';

/** The script behind `bin/gatehouse`. */
export const gatehouseScript = resolve(import.meta.dirname, '../../src/cli/main.ts');

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
  name: 'createsuperuser' | 'keys' | 'outbox' | 'sessions',
  words: string,
  { variables, input = '' }: CommandOptions = {},
): Promise<{ code: number; output: string }> {
  const given = { ...commandVariables(app), ...variables };
  return gatehouse([name, ...words.split(' ').filter(Boolean)], { variables: given, input });
}
