/** Names are those of OpenTelemetry's semantic conventions. Values never identify a person. */
export type SpanAttributes = Readonly<Record<string, string | number | string[]>>;

/** The start of a span. */
export interface SpanStart {
  /** One of few names. */
  readonly name: string;
  /** A `client` span has a parent: background work of its own, such as a sweep, leaves none. */
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  readonly attributes?: SpanAttributes;
  /**
   * Parent in another process, as its `traceparent` (W3C Trace Context); null or an invalid one
   * starts a new trace. The span that is running by default.
   */
  readonly parent?: string | null | undefined;
  /** Unix time in milliseconds; now by default. */
  readonly startTime?: number;
}

/** Ids of a span in log lines (OpenTelemetry, Trace Context in non-OTLP Log Formats). */
export interface SpanIds {
  readonly trace_id: string;
  readonly span_id: string;
}

/** A running span. */
export interface Span {
  readonly ids: SpanIds;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed. Keeps the code of the error, but no message, which can contain values. */
  fail(error: unknown): void;
}

/** Records spans. Services have it only while tracing is on, so that it costs nothing while off. */
export interface Tracing {
  /** Runs work in a span, which ends with it, and fails with it. */
  run<Result>(start: SpanStart, work: (span: Span | undefined) => Result): Result;
  /** Returns `traceparent` of the running span. */
  traceparent(): string | undefined;
}

/** Plan of what to record and where to send it, which follows from standard variables. */
export interface TracingPlan {
  /** Package of the exporter. */
  readonly exporter: string;
  readonly sampler: string;
  /** Fraction of the traces to keep, for samplers that have one. */
  readonly ratio: number;
  /** Bounds of the queue; the SDK's own by default. */
  readonly queue: Readonly<Record<string, number>>;
  /** Why it cannot be carried out, and the fix. */
  readonly problem: string | undefined;
  /** The problem, unless an operator seems to load an SDK first, which then decides for itself. */
  readonly warning: string | undefined;
}

/** Returns the start of a span for a statement of SQL. @param text if it contains no values */
export const sqlSpan = (name: string, text?: string): SpanStart => ({
  name,
  kind: 'client',
  attributes: {
    'db.system.name': 'postgresql',
    'db.operation.name': text ? operationOf(text) : name,
    ...(text && { 'db.query.text': text }),
  },
});

/** Returns the first keyword of a statement. */
export const operationOf = (text: string): string =>
  /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'UNKNOWN';
