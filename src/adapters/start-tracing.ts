import { setTimeout as pause } from 'node:timers/promises';
import { context, trace } from '@opentelemetry/api';
import manifest from '../../package.json' with { type: 'json' };
import { HealthProbe } from '../concurrency/health-probe.ts';
import type { Log } from '../ports/logger.ts';
import type { Tracing, TracingPlan } from '../ports/tracing.ts';
import { hasSdk, OpenTelemetry } from './open-telemetry.ts';

/** Milliseconds that the last spans may take at the end of a process. */
const FLUSH = 2000;

/** Modules of the SDK, which only an operator installs, as far as they are used. */
type Sdk = typeof import('@opentelemetry/sdk-trace') &
  typeof import('@opentelemetry/resources') &
  typeof import('@opentelemetry/context-async-hooks') &
  typeof import('@opentelemetry/exporter-trace-otlp-http');

/** Tracing of a process, until it ends. */
export interface OpenTracing {
  readonly tracing: Tracing;
  /** Exports the last spans. */
  close(): Promise<void>;
}

/** Starts to record spans: with an SDK that is already registered, or by this plan. */
export async function startTracing(
  plan: TracingPlan,
  name: string,
  log: Log,
): Promise<OpenTracing | undefined> {
  const isOwn = !hasSdk();
  if (isOwn && plan.problem) {
    log.warn({}, plan.problem);
    return undefined;
  }
  const close = isOwn ? await registerSdk(plan, name, log) : async () => undefined;
  return { tracing: new OpenTelemetry(manifest.version), close };
}

async function registerSdk(
  plan: TracingPlan,
  name: string,
  log: Log,
): Promise<() => Promise<void>> {
  const sdk = await loadSdk(plan.exporter);
  const { detectResources, envDetector, resourceFromAttributes } = sdk;
  const own = { 'service.name': name, 'service.version': manifest.version };
  const resource = sdk
    .defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = watched(new sdk.OTLPTraceExporter(), log);
  const provider = new sdk.TracerProvider({
    resource,
    sampler: samplerOf(plan, sdk),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter, ...plan.queue })],
  });
  context.setGlobalContextManager(new sdk.AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    const flushed = provider.shutdown().catch(() => undefined);
    await Promise.race([flushed, pause(FLUSH, undefined, { ref: false })]);
    trace.disable();
    context.disable();
  };
}

/** Loads the SDK. The names are values, because the packages are no dependencies. */
async function loadSdk(exporter: string): Promise<Sdk> {
  const names = ['sdk-trace', 'resources', 'context-async-hooks'];
  const packages = [...names.map((name) => `@opentelemetry/${name}`), exporter];
  return Object.assign({}, ...(await Promise.all(packages.map((each) => import(each)))));
}

function samplerOf({ sampler, ratio }: TracingPlan, sdk: Sdk) {
  const own = sampler.replace('parentbased_', '');
  const root =
    own === 'traceidratio'
      ? new sdk.TraceIdRatioBasedSampler(ratio)
      : new sdk[own === 'always_off' ? 'AlwaysOffSampler' : 'AlwaysOnSampler']();
  return own === sampler ? root : new sdk.ParentBasedSampler({ root });
}

type Exporter = InstanceType<Sdk['OTLPTraceExporter']>;

/** Logs the start and the end of an outage. The SDK drops spans that it cannot send. */
function watched(exporter: Exporter, log: Log): Exporter {
  const health = new HealthProbe({ part: 'The collector of traces', log });
  const send = exporter.export.bind(exporter);
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      if (result.code === 0) health.markUp();
      else health.markDown(result.error ?? new Error('no response'));
      done(result);
    });
  return exporter;
}
