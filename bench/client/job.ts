/** A load that the client process makes. */
export interface Job {
  readonly port: number;
  readonly connections: number;
  /** Whole HTTP/1.1 requests, sent in this order. */
  readonly requests: readonly string[];
  /** Time for which the list is repeated. Without it, every request is sent once. */
  readonly seconds?: number;
  /** Requests a second, however long the responses take. Without it, one follows the other. */
  readonly rate?: number;
  /** Status and text of every response. */
  readonly expected: Expectation;
  /** A response that is counted separately. */
  readonly refusal?: Expectation;
  /** Whether to return the bodies, in the order of the requests. */
  readonly keepBodies?: boolean;
}

export interface Expectation {
  /** Any status, if it is missing. */
  readonly status?: number;
  /** Text in the body. */
  readonly text: string;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface JobResult {
  /** Number of expected responses. */
  readonly count: number;
  readonly seconds: number;
  readonly latency: Latency;
  readonly refusals: number;
  readonly refusalLatency: Latency;
  /** Bodies of the expected responses, if asked for. */
  readonly bodies: readonly string[];
}

export function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
