import { GroupMetrics } from './adapters/group-metrics.ts';
import { announceReady, logUncaught, untilToldToStop } from './adapters/node-process.ts';
import { connectPeers } from './adapters/peer-processes.ts';
import { createLog } from './adapters/pino-log.ts';
import { drainWithoutPrimary, isGroupMember, ProcessGroup } from './adapters/process-group.ts';
import { isUnderSystemd, PROCESS_NUMBER } from './config/environment.ts';
import { type ProcessPlan, readProcessPlan } from './config/process-plan.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';

/**
 * Runs the server until it is told to stop: in this process, or in several that this one manages.
 * Only the processes that serve load the app.
 */
export async function serve(): Promise<void> {
  if (isGroupMember) drainWithoutPrimary();
  else {
    const plan = readProcessPlan();
    if (plan.processes > 1) return serveInGroup(plan);
  }
  const { serveRequests } = await import('./server-process.ts');
  await serveRequests();
}

// Release 0.2 started the server with `node src/server.ts`, as Compose files may still do.
if (import.meta.main) await serve();

async function serveInGroup({ logLevel, metrics }: ProcessPlan): Promise<void> {
  const log = createLog(logLevel, 'gatehouse-server');
  logUncaught(log);
  connectPeers();
  const told = untilToldToStop();
  const groupMetrics = new GroupMetrics();
  const group = new ProcessGroup({
    log,
    readPlan: readProcessPlan,
    numberVariable: PROCESS_NUMBER,
  });
  // A terminal that closes sends it too.
  process.on('SIGHUP', () => (process.stdin.isTTY ? process.kill(process.pid) : group.restart()));
  const end = await Promise.race([group.start(), told]);
  if (end !== undefined) process.exit(typeof end === 'number' ? end : 1);
  await serveMetrics(metrics, groupMetrics.read, log).catch(async (error) => {
    await group.stop();
    throw error;
  });
  announceReady(log, isUnderSystemd());
  await told;
  const drained = await group.stop();
  process.exit(drained ? 0 : 1);
}
