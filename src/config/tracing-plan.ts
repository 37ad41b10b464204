import { createRequire } from 'node:module';
import type { TracingPlan } from '../ports/tracing.ts';
import type { Variables } from './environment.ts';

const exporters = {
  'http/protobuf': '@opentelemetry/exporter-trace-otlp-proto',
  'http/json': '@opentelemetry/exporter-trace-otlp-http',
  grpc: '@opentelemetry/exporter-trace-otlp-grpc',
};

/** Values of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export const otlpProtocols = Object.keys(exporters) as (keyof typeof exporters)[];

/** Values of `OTEL_TRACES_SAMPLER`. */
export const samplers = [
  ...(['always_on', 'always_off', 'traceidratio', 'parentbased_always_on'] as const),
  ...(['parentbased_always_off', 'parentbased_traceidratio'] as const),
];

/** Packages with exact versions, which must fit the API's. */
const sdk = {
  '@opentelemetry/sdk-trace': '3.1.0',
  '@opentelemetry/resources': '3.1.0',
  '@opentelemetry/context-async-hooks': '3.1.0',
};
const EXPORTER_VERSION = '0.301.0';

interface Given {
  readonly tracesEndpoint: string | undefined;
  readonly tracesProtocol: keyof typeof exporters;
  readonly tracesExporter: string | undefined;
  readonly tracesSampler: (typeof samplers)[number];
  readonly tracesSamplerArg: number;
  readonly tracingDisabled: boolean;
}

/** Returns what to do about traces; undefined if nobody asked for them. */
export function readTracingPlan(given: Given, variables: Variables): TracingPlan | undefined {
  const { tracesEndpoint, tracesProtocol, tracesExporter = '', tracingDisabled } = given;
  const isWanted =
    tracesEndpoint || variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || tracesExporter !== '';
  if (tracingDisabled || tracesExporter === 'none' || !isWanted) return undefined;
  const exporter = exporters[tracesProtocol];
  const problem = problemOf(exporter, tracesExporter);
  const bringsSdk = /(^|\s)(--import|--require|-r)\b/.test(variables.NODE_OPTIONS ?? '');
  return {
    exporter,
    sampler: given.tracesSampler,
    ratio: given.tracesSamplerArg,
    queue: queueOf(variables),
    problem,
    warning: bringsSdk ? undefined : problem,
  };
}

const bounds = {
  OTEL_BSP_SCHEDULE_DELAY: 'scheduledDelayMillis',
  OTEL_BSP_EXPORT_TIMEOUT: 'exportTimeoutMillis',
  OTEL_BSP_MAX_QUEUE_SIZE: 'maxQueueSize',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: 'maxExportBatchSize',
};

/** Ignores what is no number, as the specification of OpenTelemetry demands. */
function queueOf(variables: Variables): Record<string, number> {
  const given = Object.entries(bounds).filter(([name]) => /^\d{1,9}$/.test(variables[name] ?? ''));
  return Object.fromEntries(given.map(([name, option]) => [option, Number(variables[name])]));
}

function problemOf(exporter: string, name: string): string | undefined {
  if (name && name !== 'otlp') {
    return 'OTEL_TRACES_EXPORTER: traces are off, because Gatehouse has only the exporter `otlp`. Set it, or load an SDK of your own with NODE_OPTIONS=--import.';
  }
  const missing = Object.entries({ ...sdk, [exporter]: EXPORTER_VERSION }).filter(
    ([each]) => !isInstalled(each),
  );
  if (missing.length === 0) return undefined;
  const packages = missing.map((each) => each.join('@')).join(' ');
  return `OTEL_EXPORTER_OTLP_ENDPOINT: traces are off, because packages of the SDK are missing. Run \`npm install --no-save ${packages}\`.`;
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
