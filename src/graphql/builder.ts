import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ZodPlugin from '@pothos/plugin-zod';
import type { ZodError } from 'zod';
import {
  badUserInput,
  type FieldMessages,
  forbidden,
  unauthenticated,
} from '../errors/auth-error.ts';
import { fieldName } from './field-paths.ts';
import './rate-limit-plugin.ts';
import type { RequestContext } from './graphql-context.ts';

/**
 * The code-first schema. Each field checks its scopes, then the input rules, then the rate limit.
 */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  AuthScopes: { signedIn: boolean; admin: boolean };
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [ScopeAuthPlugin, ZodPlugin, 'clientLimits'],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: (ctx) => ({
      signedIn: async () => (await ctx.viewer()) !== undefined,
      admin: async () => {
        const viewer = await ctx.viewer();
        if (viewer && viewer.user.role !== 'ADMIN') throw forbidden();
        return viewer !== undefined;
      },
    }),
    unauthorizedError: (_parent, { presented }) => unauthenticated(presented),
  },
  zod: { validationError: (error) => badUserInput(messagesOf(error)) },
});

function messagesOf(error: ZodError): FieldMessages {
  const fields: FieldMessages = {};
  for (const { path, message } of error.issues) {
    const name = fieldName(path as (string | number)[]);
    fields[name] = [...(fields[name] ?? []), message];
  }
  return fields;
}
