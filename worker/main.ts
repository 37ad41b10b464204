import { loadConfig } from '#src/config.ts';
import { run, untilToldToStop } from '#src/process.ts';
import { startWorker } from './worker.ts';

/** Milliseconds that running work may take once the process shall end. */
const DRAIN = 8000;

/** The worker process. */
await run(async () => {
  const worker = await startWorker(loadConfig('production'));
  process.send?.({ ready: true });
  await untilToldToStop();
  await worker.close(DRAIN);
  process.exit(0);
});
