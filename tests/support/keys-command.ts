import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentVariables } from '#src/config.ts';
import type { TestApp } from './app.ts';

const script = resolve(import.meta.dirname, '../../src/cli/keys.ts');

/** `npm run keys -- …` as an operator runs it. */
export async function keysCommand(
  app: TestApp,
  words: string,
  variables: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const { PATH, LD_LIBRARY_PATH } = environmentVariables();
  const { databaseUrl, redisUrl, secretKey } = app.runtime.config;
  const child = spawn(process.execPath, [script, ...words.split(' ')], {
    env: {
      PATH,
      LD_LIBRARY_PATH,
      NODE_ENV: 'development',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SECRET_KEY: secretKey,
      ...variables,
    },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  return { code, output: (await output).join('') };
}
