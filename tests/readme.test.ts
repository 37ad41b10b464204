import { readFileSync } from 'node:fs';
import {
  type FieldNode,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import { useApp } from './support/app.ts';
import { codeIn } from './support/code-in-mail.ts';

const app = useApp();
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const addresses = ['ada@example.com', 'grace@example.com'];

type Step = { readonly curl: string } | { readonly operation: OperationDefinitionNode };

/** The GraphQL operations and curl commands of the README, in their order. */
const steps: Step[] = [
  ...readme.matchAll(/^```graphql\n(?<graphql>.+?)^```|^ {4}(?<curl>curl .+localhost:8000.+)$/gms),
].flatMap(({ groups: { graphql, curl } = {} }): Step[] =>
  graphql === undefined ? [{ curl: curl ?? '' }] : operationsIn(graphql),
);

function operationsIn(text: string): Step[] {
  return parse(text).definitions.flatMap((operation) =>
    operation.kind === Kind.OPERATION_DEFINITION ? [{ operation }] : [],
  );
}

/** Values that a reader has from earlier steps. They replace the placeholders. */
const held = { access: '', refresh: '', challenge: '', otherSession: '', codes: 0 };

it('shows every query and mutation of the schema', () => {
  const shown = steps.flatMap((step) => ('operation' in step ? fieldOf(step.operation) : []));
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(new Set(shown)).toEqual(new Set(fields));
});

it('runs every GraphQL operation and curl command of the README, in their order', async () => {
  expect(steps.length).toBeGreaterThan(15);
  for (const step of steps) {
    if ('operation' in step) await runOperation(step.operation);
    else await runCurl(step.curl);
  }
});

async function runOperation(operation: OperationDefinitionNode): Promise<void> {
  const field = fieldOf(operation);
  const text = print(operation)
    .replace('"123456"', `"${newestCode()}"`)
    .replace(/challengeId: "…"/, `challengeId: "${held.challenge}"`)
    .replace(/refreshToken: "…"/, `refreshToken: "${held.refresh}"`)
    .replace(/id: "…"/, `id: "${held.otherSession}"`);
  const { data, errors } = await app.graphql(text, {}, { token: held.access });
  expect([field, errors]).toEqual([field, []]);
  const answer = data?.[field] as Record<string, unknown> & Session[];
  if (mailsCode(operation)) await awaitCode();
  if (typeof answer.challengeId === 'string') held.challenge = answer.challengeId;
  if (typeof answer.accessToken === 'string') held.access = answer.accessToken;
  if (typeof answer.refreshToken === 'string') held.refresh = answer.refreshToken;
  if (Array.isArray(answer)) held.otherSession = answer.find(({ current }) => !current)?.id ?? '';
}

interface Session {
  readonly id: string;
  readonly current: boolean;
}

async function runCurl(command: string): Promise<void> {
  const path = /localhost:8000(\/[^\s']*)/.exec(command)?.[1] ?? '';
  const json = /--json '([^']+)'/.exec(command)?.[1]?.replace('"123456"', `"${newestCode()}"`);
  const token = command.includes('-H "Authorization: Bearer $access"') ? held.access : undefined;
  const { status, text } = await app.fetch(path, {
    method: json === undefined ? 'GET' : 'POST',
    headers: {
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(json !== undefined && { body: json }),
  });
  expect([command, status < 300, text]).toEqual([command, true, text]);
  const { access, challenge_id } = JSON.parse(text);
  if (access) held.access = access;
  if (challenge_id) await awaitCode();
}

const fieldOf = ({ selectionSet }: OperationDefinitionNode): string =>
  (selectionSet.selections[0] as FieldNode).name.value;

function mailsCode(operation: OperationDefinitionNode): boolean {
  const type = schema.getMutationType()?.getFields()[fieldOf(operation)]?.type;
  return type !== undefined && getNamedType(type).name === 'OtpChallenge';
}

const codes = () =>
  app.mails.received.flatMap(({ to, raw }) => (addresses.includes(to) && codeIn(raw)) || []);

const newestCode = () => codes().at(-1) ?? '';

async function awaitCode(): Promise<void> {
  held.codes += 1;
  await app.eventually(() => codes().length >= held.codes);
}
