import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { environmentVariables } from '#src/config.ts';
import type { TestApp } from './app.ts';

const directory = resolve(import.meta.dirname, '../../src/cli');

/** `npm run <name> -- <words>` as an operator runs it. */
export async function command(
  app: TestApp,
  name: 'outbox' | 'sessions',
  words: string,
): Promise<{ code: number; output: string }> {
  const { PATH, LD_LIBRARY_PATH } = environmentVariables();
  const { databaseUrl, redisUrl, secretKey } = app.runtime.config;
  const child = spawn(process.execPath, [`${directory}/${name}.ts`, ...words.split(' ')], {
    env: {
      PATH,
      LD_LIBRARY_PATH,
      NODE_ENV: 'development',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      SECRET_KEY: secretKey,
    },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  return { code, output: (await output).join('') };
}
