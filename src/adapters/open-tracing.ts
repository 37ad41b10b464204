import type { Log } from '../ports/logger.ts';
import type { TracingPlan } from '../ports/tracing.ts';
import type { OpenTracing } from './start-tracing.ts';

/** Starts tracing if it is planned and possible. Loads nothing of OpenTelemetry otherwise. */
export async function openTracing(
  { tracing }: { readonly tracing: TracingPlan | undefined },
  name: string,
  log: Log,
): Promise<OpenTracing | undefined> {
  if (!tracing || tracing.warning) return undefined;
  const { startTracing } = await import('./start-tracing.ts');
  return startTracing(tracing, name, log);
}
