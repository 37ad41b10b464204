import type { ServerResponse } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answerPrimary } from './adapters/group-metrics.ts';
import { releaseMemoryWhenIdle } from './adapters/idle-memory.ts';
import { announceReady, logUncaught, untilToldToStop } from './adapters/node-process.ts';
import { openTracing } from './adapters/open-tracing.ts';
import { isGroupMember, leaveGroup } from './adapters/process-group.ts';
import { createApp } from './app.ts';
import { isFirstProcess, isUnderSystemd, sizeThreadPool } from './config/environment.ts';
import { listen } from './config/listen.ts';
import { loadConfig } from './config/load-config.ts';
import { shareOfProcess } from './config/process-share.ts';
import { type BoundedServer, createBoundedServer } from './http/connections.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { openLog, openRuntime } from './services.ts';

/** Milliseconds that accepted requests may take after the process was told to stop. */
const DRAIN = 8000;
/** Milliseconds between two rounds that close idle connections. */
const GRACE = 1000;
/** Milliseconds until the process ends in any case. A primary process waits hardly longer. */
const END = 9000;

/** Reads the configuration, opens the runtime, listens, and drains at the end. */
export async function serveRequests(): Promise<void> {
  const whole = loadConfig('production');
  sizeThreadPool(whole.threads);
  const config = shareOfProcess(whole);
  const log = openLog(config, 'gatehouse-server');
  // The first process has logged the same lines.
  if (!isFirstProcess() && config.logLevel !== 'silent') log.level = 'error';
  logUncaught(log);
  for (const warning of config.warnings) log.warn({}, warning);
  // Without a primary process, whatever has started this process restarts it.
  const told = isGroupMember ? untilToldToStop() : untilToldToStop('SIGHUP');
  const traces = await openTracing(config, 'gatehouse-server', log);
  const services = { log, tracing: traces?.tracing };
  const runtime = await Promise.race([openRuntime(config, services), told]);
  if (!runtime) process.exit(0);
  const server = createBoundedServer(createApp(runtime), config, runtime);
  const { host, metricsHost } = config;
  const settings = { port: 'PORT', host: 'HOST' };
  const port = await listen(server, { port: config.port, host, settings });
  log.info({ port, host }, 'listening');
  // In a group, the primary process serves the metrics of all.
  const ownPort = isGroupMember ? undefined : config.metricsPort;
  const place = { port: ownPort, host: metricsHost, setting: 'METRICS_PORT' };
  const stopMetrics = await serveMetrics(place, runtime.metrics.print, log);
  const report = isGroupMember ? answerPrimary(() => runtime.metrics.families()) : undefined;
  log.level = config.logLevel;
  announceReady(log, !isGroupMember && isUnderSystemd());
  server.on('request', releaseMemoryWhenIdle());
  await told;
  const end = pause(END);
  runtime.sessionStreams.close();
  await drain(server);
  const close = () => Promise.all([runtime.close(), traces?.close()]);
  await Promise.race([inTurn([report, leaveGroup, stopMetrics, close]), end]);
  process.exit(0);
}

/** Runs steps one after the other. Each may wait for a store that does not respond. */
async function inTurn(steps: readonly ((() => unknown) | undefined)[]): Promise<void> {
  for (const step of steps) await step?.();
}

/**
 * Ends the server: it accepts no more connections, closes each one with its last response, and waits
 * for accepted requests.
 */
async function drain(server: BoundedServer): Promise<void> {
  const leave = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  server.prependListener('request', (_request, response) => leave(response));
  for (const response of server.unfinished()) leave(response);
  // HTTP's own `close` would cut idle connections at once, although a request may be on its way.
  const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
  // Repeats, because a busy connection becomes idle with its response. Requests that have arrived
  // are read before `setImmediate`.
  const closeIdle = () => setImmediate(() => server.closeIdleConnections());
  const idle = setInterval(closeIdle, GRACE);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
