import type { ServerResponse } from 'node:http';
import type { Span, SpanStart } from '../ports/tracing.ts';
import { createProxyTrust } from './ip-prefix.ts';
import type { Edge, RequestState } from './request-state.ts';

type Handle = (state: RequestState) => void;

const PROBE = /^\/(healthz|readyz)\b/;

/**
 * Handles each request in a span, until its response is sent. Costs nothing while tracing is off.
 * Continues the trace of a trusted proxy only: any other client could choose what is sampled, and
 * write into traces that are not its own.
 */
export function traceRequests({ config, tracing }: Edge, handle: Handle): Handle {
  if (!tracing) return handle;
  const isFromProxy = createProxyTrust(config.trustProxy);
  const scheme = new URL(config.publicUrl).protocol.replace(':', '');
  return (state) => {
    const { method = '', headers, url = '' } = state.request;
    if (PROBE.test(url)) return handle(state);
    const start: SpanStart = {
      name: method,
      kind: 'server',
      parent: isFromProxy(state.request) ? String(headers.traceparent) : null,
      attributes: { 'http.request.method': method, 'url.scheme': scheme },
    };
    void tracing.run(start, async (span) => {
      state.spanIds = span?.ids;
      handle(state);
      await closed(state.response);
      if (span) describe(span, state);
    });
  };
}

const closed = (response: ServerResponse) =>
  new Promise<void>((resolve) => response.once('close', resolve));

/** Names the route, never the path, which can contain ids. */
function describe(span: Span, { id, path, record, request, response }: RequestState): void {
  const [, route] = / (\/.*)/.exec(record.operation ?? '') ?? [];
  const known = path === '/graphql' ? path : route;
  if (known) {
    span.rename(`${request.method} ${known}`);
    span.set({ 'http.route': known });
  }
  span.set({ 'http.response.header.x-request-id': [id] });
  if (!response.headersSent) return;
  const { statusCode } = response;
  span.set({ 'http.response.status_code': statusCode });
  if (statusCode >= 500) span.fail({ code: statusCode });
}
