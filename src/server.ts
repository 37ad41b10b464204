import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { createApp } from './app.ts';
import { commandLine, logUncaught, run, untilToldToStop } from './cli/command-line.ts';
import { type Config, ConfigError, loadConfig } from './config/load-config.ts';
import { createBoundedServer } from './http/connections.ts';
import { openLog, openRuntime } from './services.ts';

/** Milliseconds that accepted requests may take after the process was told to stop. */
const DRAIN = 8000;
/** Milliseconds between two rounds that close idle connections. */
const GRACE = 1000;

await run(commandLine('npm run server', 'Runs the API until it is told to stop.').action(serve));

/** Reads the configuration, opens the runtime, listens, and drains at the end. */
async function serve(): Promise<void> {
  const config = loadConfig('production');
  const log = openLog(config, 'gatehouse-server');
  logUncaught(log);
  for (const warning of config.warnings) log.warn({}, warning);
  const told = untilToldToStop();
  const runtime = await Promise.race([openRuntime(config, { log }), told]);
  if (!runtime) process.exit(0);
  const server = createBoundedServer(createApp(runtime), config, log);
  const drain = prepareDrain(server);
  const port = await listen(server, config);
  log.info({ port, host: config.host }, 'listening');
  process.send?.({ ready: true });
  await told;
  await drain();
  await runtime.close();
  process.exit(0);
}

async function listen(server: Server, config: Config): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem = listenProblem(cause.code, config);
      reject(problem ? new ConfigError(problem, { cause }) : cause);
    });
    server.listen(config.port, config.host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Describes a failure to listen and its cure. */
function listenProblem(code: string | undefined, { port, host }: Config): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is taken: end what listens there, or set another PORT`;
    case 'EACCES':
      return `PORT: this user may not listen on ${port}: set PORT to 1024 or more`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST: cannot listen on ${host}, which is not an address of this machine: set HOST=0.0.0.0 to listen on all addresses`;
    default:
      return undefined;
  }
}

/**
 * Returns a function that ends the server: it accepts no more connections, closes each one with its
 * last response, and waits for accepted requests.
 */
function prepareDrain(server: Server): () => Promise<void> {
  const unanswered = new Set<ServerResponse>();
  let draining = false;
  const leave = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  server.prependListener('request', (_request, response) => {
    if (draining) leave(response);
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  return async () => {
    draining = true;
    for (const response of unanswered) leave(response);
    // HTTP's own `close` would cut idle connections at once, although a request may be on its way.
    const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
    // Repeats, because a busy connection becomes idle with its response.
    const idle = setInterval(() => server.closeIdleConnections(), GRACE);
    const late = setTimeout(() => server.closeAllConnections(), DRAIN);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  };
}
