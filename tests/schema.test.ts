import { readFileSync } from 'node:fs';
import {
  type GraphQLField,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, it } from 'vitest';
import { errorCodes } from '#src/errors/auth-error.ts';
import { rateLimitOf } from '#src/graphql/rate-limit-plugin.ts';
import { printedSchema, schema } from '#src/graphql/schema.ts';
import { routes } from '#src/rest/rest-routes.ts';

interface Scopes {
  readonly skipTypeScopes?: boolean;
  readonly authScopes?: Readonly<Record<string, unknown>>;
}

const scopesOf = ({ extensions }: GraphQLField<unknown, unknown>) =>
  (extensions.pothosOptions ?? {}) as Scopes;

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

it('keeps schema.graphql in step with the code', () => {
  const file = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
  expect(file, 'run `npm run generate`').toBe(printedSchema());
});

it('describes every type, field, argument and enum value', () => {
  const described: [string, string | null | undefined][] = types.flatMap((type) => {
    const own: [string, string | null | undefined] = [type.name, type.description];
    if (isEnumType(type)) {
      return [own, ...type.getValues().map(named(type.name))];
    }
    if (!isObjectType(type) && !isInputObjectType(type)) return [own];
    const fields = Object.values(type.getFields());
    const args = fields.flatMap((field) =>
      'args' in field ? field.args.map(named(`${type.name}.${field.name}`)) : [],
    );
    return [own, ...fields.map(named(type.name)), ...args];
  });

  expect(described.length).toBeGreaterThan(40);
  expect(described.filter(([, text]) => !text).map(([name]) => name)).toEqual([]);

  function named(owner: string) {
    return (it: { name: string; description?: string | null | undefined }) =>
      [`${owner}.${it.name}`, it.description] as [string, string | null | undefined];
  }
});

it('lists every error code that a response can have', () => {
  const type = schema.getType('ErrorCode');
  const names = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
  expect(names.sort()).toEqual(Object.keys(errorCodes).sort());
});

it('requires authentication for every operation that does not declare otherwise', () => {
  const open = [
    ...['register', 'login', 'requestOtp', 'verifyOtp', 'forgotPassword', 'resetPassword'],
    ...['refreshTokens', 'logout', 'undoEmailChange', 'undoFactorChange', 'verifyFactor'],
    ...['passkeySignInOptions', 'signInWithPasskey', 'passkeyFactorOptions'],
  ];
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const skipping = mutations.filter(
    (field) => scopesOf(field).skipTypeScopes && !scopesOf(field).authScopes,
  );
  expect(skipping.map(({ name }) => name).sort()).toEqual(open.sort());
  const others = [schema.getQueryType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  expect(
    others.filter((field) => scopesOf(field).skipTypeScopes && !scopesOf(field).authScopes),
  ).toEqual([]);
});

it('accepts API keys on operations about users, webhooks and the audit log only, by scope', () => {
  const accepting = [schema.getQueryType(), schema.getMutationType()].map((type) =>
    Object.values(type?.getFields() ?? {})
      .map((field) => [field.name, scopesOf(field).authScopes] as const)
      .filter(([, scopes]) => scopes?.apiKey),
  );
  const forKeys = (scope: string) => ({ admin: true, apiKey: scope });
  expect(accepting.map((fields) => Object.fromEntries(fields))).toEqual([
    {
      ...{ users: forKeys('READ'), user: forKeys('READ') },
      ...{ webhooks: forKeys('READ'), webhookDeliveries: forKeys('READ') },
      auditLogs: { signedIn: true, apiKey: 'READ' },
    },
    Object.fromEntries(
      [
        ...['createUser', 'setUserRole', 'setUserMetadata', 'disableUser', 'enableUser'],
        ...[
          'unlockUser',
          'resetUserFactors',
          'revokeUserSessions',
          'deleteUser',
          'createWebhook',
          'updateWebhook',
        ],
        ...['deleteWebhook', 'rotateWebhookSecret', 'redeliver'],
      ].map((name) => [name, forKeys('WRITE')]),
    ),
  ]);
  const scopes = accepting.flat().map(([name, each]) => `${name} ${String(each?.apiKey)}`);
  const documented = routes.filter(({ apiKey }) => apiKey);
  expect(documented.map(({ field, apiKey }) => `${field} ${apiKey}`).sort()).toEqual(scopes.sort());
});

it('makes each query field nullable, so that it can fail alone, and no mutation field', () => {
  const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
    Object.values(type?.getFields() ?? {});
  expect(fieldsOf(schema.getQueryType()).filter(({ type }) => isNonNullType(type))).toEqual([]);
  expect(fieldsOf(schema.getMutationType()).filter(({ type }) => !isNonNullType(type))).toEqual([]);
});

it('declares a rate limit, or none, for each mutation and for nothing else', () => {
  const limitsOf = (type: GraphQLObjectType | null | undefined) =>
    Object.values(type?.getFields() ?? {}).map(rateLimitOf);
  const limits = limitsOf(schema.getMutationType());
  expect(limits.length).toBeGreaterThan(10);
  expect(limits).not.toContain(undefined);
  expect(new Set(limitsOf(schema.getQueryType()))).toEqual(new Set([undefined]));
});

it('gives every mutation with arguments exactly one argument, named input', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  for (const { args } of mutations) {
    expect(args.map(({ name }) => name).join()).toMatch(/^(input)?$/);
  }
});
