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
  /** The `Set-Cookie` headers of the answer. */
  readonly setCookies?: readonly string[];
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
    const { code, data, errors, headers } = await app.graphql(
      document.toString(),
      { input },
      options,
    );
    const answer = data?.[operation] as Outcome['members'] | undefined;
    const members = answer ?? errors[0]?.extensions ?? {};
    return outcomeOf(code, members, headers['set-cookie']);
  }
  const entries = Object.entries(input).map(([name, value]) => [restName(name), value]);
  const given = method === 'GET' || method === 'DELETE' ? undefined : Object.fromEntries(entries);
  const path = paths[0].replace('{id}', encodeURIComponent(String(input.id)));
  const { body, headers } = await rest(app, method, path, given, options);
  const members = Object.entries(body).map(([name, value]) => [names[name] ?? camel(name), value]);
  return outcomeOf(body.code, Object.fromEntries(members), headers['set-cookie']);
}

const names: Readonly<Record<string, string>> = { access: 'accessToken', refresh: 'refreshToken' };
const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const outcomeOf = (
  code: unknown,
  members: Outcome['members'],
  setCookies: readonly string[] = [],
): Outcome => ({
  code,
  challengeId: members.challengeId as string | undefined,
  members,
  setCookies,
});
