import { setting } from './setting.ts';
import * as shapes from './setting-shapes.ts';
import { otlpProtocols, samplers } from './tracing-plan.ts';

/** Standard variables of OpenTelemetry that decide what Gatehouse does. Its SDK reads the others. */
export const traces = {
  tracesEndpoint: setting('OTEL_EXPORTER_OTLP_ENDPOINT', shapes.collector, {
    about:
      'OpenTelemetry collector. Turns on [traces](monitor.md#traces), which need the SDK. `OTEL_EXPORTER_OTLP_…`, `OTEL_BSP_…`, `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` also work.',
  }),
  tracesProtocol: setting('OTEL_EXPORTER_OTLP_PROTOCOL', shapes.oneOf(...otlpProtocols), {
    about: 'Protocol of the collector: `http/protobuf`, `http/json` or `grpc`.',
    fallback: 'http/protobuf',
  }),
  tracesExporter: setting('OTEL_TRACES_EXPORTER', shapes.word, {
    about:
      '`otlp` also turns traces on, with the SDK’s own default endpoint; `none` turns them off.',
  }),
  tracesSampler: setting('OTEL_TRACES_SAMPLER', shapes.oneOf(...samplers), {
    about: 'Which traces to record, such as `parentbased_traceidratio`.',
    fallback: 'parentbased_always_on',
  }),
  tracesSamplerArg: setting('OTEL_TRACES_SAMPLER_ARG', shapes.fraction, {
    about: 'Fraction of the traces to record, for samplers with `traceidratio`.',
    fallback: '1',
  }),
  tracingDisabled: setting('OTEL_SDK_DISABLED', shapes.yesNo, {
    about: 'Whether to ignore the other variables of OpenTelemetry.',
    fallback: 'false',
  }),
};
