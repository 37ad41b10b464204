import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ZodPlugin from '@pothos/plugin-zod';
import type { ZodError } from 'zod';
import { badUserInput, type FieldMessages, unauthenticated } from '../errors.ts';
import type { RequestContext } from './request-context.ts';

/** The code-first schema. Scopes are asked before the input is looked at. */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  AuthScopes: { signedIn: boolean };
  Scalars: { DateTime: { Input: Date; Output: Date } };
}>({
  plugins: [ScopeAuthPlugin, ZodPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: (ctx) => ({ signedIn: async () => (await ctx.viewer()) !== undefined }),
    unauthorizedError: () => unauthenticated(),
  },
  zod: { validationError: (error) => badUserInput(messagesOf(error)) },
});

function messagesOf(error: ZodError): FieldMessages {
  const fields: FieldMessages = {};
  for (const { path, message } of error.issues) {
    const name = path.slice(1).join('.');
    fields[name] = [...(fields[name] ?? []), message];
  }
  return fields;
}
