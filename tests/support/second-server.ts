import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createApp } from '#src/app.ts';
import type { Config } from '#src/config/load-config.ts';
import { createBoundedServer } from '#src/http/connections.ts';
import { openRuntime } from '#src/services.ts';
import type { TestApp } from './app.ts';

/** Starts another server process on the stores, the mails and the clock of an app, for one test. */
export async function startSecondServer(
  app: TestApp,
  changes: Partial<Config> = {},
): Promise<TestApp> {
  const { clock } = app;
  const { config, log } = app.runtime;
  const opened = await openRuntime({ ...config, ...changes }, { clock, log });
  const runtime = { ...opened, passwords: app.runtime.passwords };
  const server = createBoundedServer(createApp(runtime), runtime.config, runtime).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await runtime.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(Object.create(app), { url, runtime });
}
