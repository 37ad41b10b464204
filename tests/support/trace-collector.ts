import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { vi } from 'vitest';

type Value = Partial<Record<'stringValue' | 'intValue', string>> & {
  readonly arrayValue?: { readonly values: readonly Value[] };
};

interface Exported {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2: server, 3: client, 4: producer, 5: consumer. */
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
}

/** A span, as a collector gets it. */
export interface CollectedSpan extends Omit<Exported, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Exported[] }[];
  }[];
}

/** A real collector: OTLP over HTTP in JSON. */
export interface TraceCollector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** All that it got, as text. */
  text(): string;
  close(): void;
}

export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const texts: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await json(request)) as ExportRequest;
    texts.push(JSON.stringify(body));
    for (const { scopeSpans } of body.resourceSpans) {
      spans.push(...scopeSpans.flatMap((scope) => scope.spans.map(readable)));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    text: () => texts.join('\n'),
    close: () => {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sets the standard variables, which the SDK reads itself. */
export function traceVariables(url: string): Record<string, string> {
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return variables;
}

function readable({ attributes, ...span }: Exported): CollectedSpan {
  const values = attributes.map(({ key, value }) => [key, plainOf(value)]);
  return { ...span, attributes: Object.fromEntries(values) };
}

const plainOf = ({ stringValue, intValue, arrayValue }: Value): unknown =>
  stringValue ?? (intValue === undefined ? arrayValue?.values.map(plainOf) : Number(intValue));
