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
  /** Members of the answer or of the error, named as in GraphQL. */
  readonly members: Readonly<Record<string, unknown>>;
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
    const { code, data, errors } = await app.graphql(document.toString(), { input }, options);
    const answer = data?.[operation] as Outcome['members'] | undefined;
    return outcomeOf(code, answer ?? errors[0]?.extensions ?? {});
  }
  const entries = Object.entries(input).map(([name, value]) => [restName(name), value]);
  const given = method === 'GET' || method === 'DELETE' ? undefined : Object.fromEntries(entries);
  const { body } = await rest(app, method, paths[0], given, options);
  const members = Object.entries(body).map(([name, value]) => [names[name] ?? camel(name), value]);
  return outcomeOf(body.code, Object.fromEntries(members));
}

const names: Readonly<Record<string, string>> = { access: 'accessToken', refresh: 'refreshToken' };
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const outcomeOf = (code: unknown, members: Outcome['members']): Outcome => ({
  code,
  challengeId: members.challengeId as string | undefined,
  members,
});
