import {
  type Context,
  context,
  isSpanContextValid,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Span, SpanAttributes, SpanIds, SpanStart, Tracing } from '../ports/tracing.ts';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Version 00 has exactly these fields, later ones can have more. Version ff is invalid. */
const TRACEPARENT = /^(?!ff|00-.{52}-)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?=-|$)/;

/** Whether an SDK is registered: without one, spans have no valid ids. */
export const hasSdk = (): boolean =>
  isSpanContextValid(trace.getTracer('gatehouse').startSpan('probe').spanContext());

/** Records spans by the SDK that is registered. */
export class OpenTelemetry implements Tracing {
  readonly #tracer: Tracer;

  constructor(version: string) {
    this.#tracer = trace.getTracer('gatehouse', version);
  }

  run<Result>(start: SpanStart, work: (span: Span | undefined) => Result): Result {
    const { name, kind, attributes = {}, startTime } = start;
    const isLocal = start.parent === undefined;
    const parent = isLocal ? context.active() : contextOf(start.parent);
    const running = isLocal && trace.getSpan(parent);
    // No sampler records a part of a trace whose beginning it has left out.
    if (running ? !running.isRecording() : kind === 'client') return work(undefined);
    const options = { kind: kinds[kind], attributes, ...(startTime && { startTime }) };
    const span = this.#tracer.startSpan(name, options, parent);
    const handle = new RunningSpan(span);
    try {
      const result = context.with(trace.setSpan(parent, span), work, undefined, handle);
      if (result instanceof Promise) result.then(handle.end, handle.endFailed);
      else handle.end();
      return result;
    } catch (error) {
      handle.endFailed(error);
      throw error;
    }
  }

  traceparent(): string | undefined {
    const span = trace.getActiveSpan();
    if (!span) return undefined;
    const { traceId, spanId, traceFlags } = span.spanContext();
    return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  }
}

interface Coded extends Error {
  readonly code?: string | number;
  readonly cause?: Coded;
}

class RunningSpan implements Span {
  readonly #span: OtelSpan;

  constructor(span: OtelSpan) {
    this.#span = span;
  }

  get ids(): SpanIds {
    const { traceId, spanId } = this.#span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(error: unknown): void {
    const { code, name, cause } = Object(error) as Coded;
    this.#span.setAttribute('error.type', String(code ?? cause?.code ?? name));
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  readonly end = (): void => this.#span.end();

  readonly endFailed = (error: unknown): void => {
    this.fail(error);
    this.end();
  };
}

/**
 * Returns the context of a span in another process. `tracestate` and baggage, which can contain
 * anything, are not taken over.
 */
function contextOf(traceparent: string | null): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}
