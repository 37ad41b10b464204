import { performance } from 'node:perf_hooks';
import manifest from '../../package.json' with { type: 'json' };
import type { Metrics } from '../ports/metrics.ts';

/** Milliseconds between two samples of the event loop's delay. */
const SAMPLE = 100;

/** Reports CPU time, memory and event loop of this process. @returns a function that stops it */
export function watchProcess(metrics: Metrics): () => void {
  metrics.watch({
    build: () => [[manifest.version, 1]],
    processes: () => 1,
    loopSeconds: () => performance.eventLoopUtilization().active / 1000,
    cpuSeconds: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    memory: () => process.memoryUsage.rss(),
    heap: () => process.memoryUsage().heapUsed,
    startedAt: () => Math.round(performance.timeOrigin) / 1000,
  });
  let due = performance.now() + SAMPLE;
  const timer = setInterval(() => {
    const now = performance.now();
    metrics.observe('loopLag', [], Math.max(0, now - due) / 1000);
    due = now + SAMPLE;
  }, SAMPLE).unref();
  return () => clearInterval(timer);
}
