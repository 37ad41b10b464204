import { operationOf, type SpanStart, sqlSpan, type Tracing } from '../ports/tracing.ts';
import type { Send } from './pool.ts';
import { RoundTrip } from './round-trip.ts';

/** A statement whose values are sent apart from its text. */
interface Prepared {
  /** Missing behind a pooler. */
  readonly name?: string;
  readonly text: string;
}

/** Returns a hook that sends statements, each in a span. Costs nothing while tracing is off. */
export function traceStatements(send: Send, tracing: Tracing | undefined): Send {
  if (!tracing) return send;
  return (client, query, values) => {
    const [statement] = values as [RoundTrip | Prepared | string];
    // Each statement has a span of its own, for as long as the round trip takes.
    const statements = statement instanceof RoundTrip ? statement.steps : [statement];
    let sent: unknown;
    for (const each of statements)
      tracing.run(spanOf(each), () => (sent ??= send(client, query, values)));
    return sent;
  };
}

function spanOf(statement: Prepared | string): SpanStart {
  // MikroORM writes values into the text of some statements.
  if (typeof statement === 'string') return sqlSpan(operationOf(statement));
  const { text, name = operationOf(text) } = statement;
  return sqlSpan(name, text);
}
