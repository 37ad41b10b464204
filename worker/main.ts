import { ConfigError, loadConfig } from '#src/config.ts';
import { untilToldToStop } from '#src/process.ts';
import { startWorker } from './worker.ts';

/** The worker process. */
const DRAIN = 8000;

try {
  const worker = await startWorker(loadConfig('production'));
  process.send?.({ ready: true });
  await untilToldToStop();
  await worker.close(DRAIN);
  process.exit(0);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
