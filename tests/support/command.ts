import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentVariables } from '#src/config/load-config.ts';
import type { TestApp } from './app.ts';

/** The script behind `npm run <name>`. */
export const scriptOf = (name: string): string =>
  resolve(import.meta.dirname, `../../src/cli/${name}.ts`);

/** The environment of a command that works on the stores of an app. */
export function commandVariables({ runtime }: TestApp): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH } = environmentVariables();
  const { databaseUrl, redisUrl, secretKey } = runtime.config;
  return {
    PATH,
    LD_LIBRARY_PATH,
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    SECRET_KEY: secretKey,
  };
}

interface CommandOptions {
  /** Variables besides those of the app. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Text on standard input. */
  readonly input?: string;
}

/** Runs `npm run <name> -- <words>` as an operator does. */
export async function command(
  app: TestApp,
  name: 'createsuperuser' | 'keys' | 'outbox' | 'sessions',
  words: string,
  { variables, input = '' }: CommandOptions = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [scriptOf(name), ...words.split(' ').filter(Boolean)], {
    env: { ...commandVariables(app), ...variables },
  });
  child.stdin.end(input);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  return { code, output: (await output).join('') };
}
