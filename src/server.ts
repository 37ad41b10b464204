import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { untilToldToStop } from './process.ts';
import { openRuntime } from './runtime.ts';

/** The server process: read the configuration, open the runtime, listen, drain. */
try {
  const config = loadConfig('production');
  const runtime = await openRuntime(config);
  const server = createServer(createApp(runtime));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  runtime.log.info({ port, host: config.host }, 'listening');
  process.send?.({ ready: true, port });

  await untilToldToStop();
  const drained = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  setTimeout(() => server.closeAllConnections(), 8000).unref();
  await drained;
  clearInterval(idle);
  await runtime.close();
  process.exit(0);
} catch (error) {
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    process.stderr.write(`PORT ${port} is taken: end what listens there, or set another PORT\n`);
  } else if (code === '42P01') {
    process.stderr.write('The database has no tables yet: run `npm run migrate` first\n');
  } else if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    throw error;
  }
  process.exit(1);
}
