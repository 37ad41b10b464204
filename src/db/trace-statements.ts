import { operationOf, type SpanStart, sqlSpan, type Tracing } from '../ports/tracing.ts';
import type { Send } from './pool.ts';

/** A statement whose values are sent apart from its text. */
interface Prepared {
  /** Missing behind a pooler. */
  readonly name?: string;
  readonly text: string;
}

/** Returns a hook that sends statements, each in a span. Costs nothing while tracing is off. */
export function traceStatements(send: Send, tracing: Tracing | undefined): Send {
  if (!tracing) return send;
  return (client, query, values) =>
    tracing.run(spanOf(values[0] as Prepared | string), () => send(client, query, values));
}

function spanOf(statement: Prepared | string): SpanStart {
  // MikroORM writes values into the text of some statements.
  if (typeof statement === 'string') return sqlSpan(operationOf(statement));
  const { text, name = operationOf(text) } = statement;
  return sqlSpan(name, text);
}
