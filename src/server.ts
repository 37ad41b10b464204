import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { createBoundedServer } from './http/connections.ts';
import { run, untilToldToStop } from './process.ts';
import { openRuntime, type Runtime } from './runtime.ts';

/** Milliseconds that accepted requests may take once the process shall end. */
const DRAIN = 8000;

/** The server process: read the configuration, open the runtime, listen, drain. */
await run(async () => {
  const config = loadConfig('production');
  const runtime = await open(config);
  const server = createBoundedServer(createApp(runtime), config, runtime.log);
  const port = await listen(server, config);
  runtime.log.info({ port, host: config.host }, 'listening');
  process.send?.({ ready: true });
  await untilToldToStop();
  await drain(server);
  await runtime.close();
  process.exit(0);
});

async function open(config: Config): Promise<Runtime> {
  try {
    return await openRuntime(config);
  } catch (cause) {
    // PostgreSQL's code for a table that is not there.
    if ((cause as { code?: string }).code !== '42P01') throw cause;
    throw new ConfigError('The database has no tables yet: run `npm run migrate` first', { cause });
  }
}

async function listen(server: Server, { port, host }: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `PORT ${port} is taken: end what listens there, or set another PORT`;
      reject(cause.code === 'EADDRINUSE' ? new ConfigError(taken, { cause }) : cause);
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Lets the requests that were accepted finish, and no connection wait for another. */
async function drain(server: Server): Promise<void> {
  const drained = new Promise((resolve) => server.close(resolve));
  // A connection that was busy becomes idle after its answer, and would stay open.
  const closing = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN);
  server.closeIdleConnections();
  await drained;
  clearInterval(closing);
  clearTimeout(late);
}
