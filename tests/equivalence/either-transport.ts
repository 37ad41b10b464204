import type { GraphqlOptions, TestApp } from '#tests/support/app.ts';
import { rest } from '#tests/support/rest.ts';
import { type Operation, type Pair, pairs, restName } from './mapping.ts';

export const transports = ['GraphQL', 'REST'] as const;
export type Transport = (typeof transports)[number];

/** Outcome of a request, in the same terms for both transports. */
export interface Outcome {
  /** Why it was refused; undefined where it was not. */
  readonly code: unknown;
  /** Named as in GraphQL. */
  readonly challengeId: string | undefined;
}

/** Operations that take one input. */
export type AskedOperation = Exclude<Operation, 'auditLogs' | 'users' | 'user'>;

/** Asks for an operation that takes one input, through either transport. */
export async function askOver(
  transport: Transport,
  app: TestApp,
  operation: AskedOperation,
  input: Readonly<Record<string, unknown>>,
  options: Pick<GraphqlOptions, 'from' | 'headers' | 'token'> = {},
): Promise<Outcome> {
  const { document, method, paths }: Pair = pairs[operation];
  if (transport === 'GraphQL') {
    const { code, data } = await app.graphql(document.toString(), { input }, options);
    const answer = data?.[operation] as { challengeId?: string } | undefined;
    return { code, challengeId: answer?.challengeId };
  }
  const entries = Object.entries(input).map(([name, value]) => [restName(name), value]);
  const given = method === 'GET' ? undefined : Object.fromEntries(entries);
  const { body } = await rest(app, method, paths[0], given, options);
  return { code: body.code, challengeId: body.challenge_id as string | undefined };
}
