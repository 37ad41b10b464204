import { expect, it } from 'vitest';
import { ConfigError, readConfig } from '#src/config/load-config.ts';
import { startWorker } from '#worker/worker.ts';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';

const app = useApp();

it('does not start with another secret than the servers', async () => {
  await new Person(app).signIn();
  const { databaseUrl, redisUrl } = app.runtime.config;
  const variables = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, SECRET_KEY: 'another one' };
  const starting = startWorker(readConfig(variables, 'development'));
  await expect(starting).rejects.toThrow(ConfigError);
  await expect(starting).rejects.toThrow('SECRET_KEY: cannot decrypt the signing keys');
});
