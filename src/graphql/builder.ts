import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ZodPlugin from '@pothos/plugin-zod';
import type { ZodError } from 'zod';
import type { Viewer } from '../accounts/user.ts';
import type { ApiKeyScope } from '../api-keys/api-key.entity.ts';
import {
  badUserInput,
  enrollmentRequired,
  type FieldMessages,
  forbidden,
  readOnlyKey,
  unauthenticated,
} from '../errors/auth-error.ts';
import { fieldName } from './field-paths.ts';
import './own-writes-plugin.ts';
import './rate-limit-plugin.ts';
import type { RequestContext } from './graphql-context.ts';

/**
 * The code-first schema. Each field checks its scopes, then the input rules, then the rate limit. One
 * of the scopes of a field suffices; API keys are accepted only where a field names `apiKey`.
 */
export const builder = new SchemaBuilder<{
  Context: RequestContext;
  DefaultFieldNullability: false;
  AuthScopes: { signedIn: boolean; enrolling: boolean; admin: boolean; apiKey: ApiKeyScope };
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [ScopeAuthPlugin, ZodPlugin, 'clientLimits', 'ownWrites'],
  defaultFieldNullability: false,
  scopeAuth: {
    // Otherwise they would be checked with the first event only.
    authorizeOnSubscribe: true,
    authScopes: (ctx) => ({
      signedIn: async () => isUnbound(await ctx.viewer()),
      enrolling: async () => (await ctx.viewer()) !== undefined,
      admin: async () => {
        const viewer = await ctx.viewer();
        if (viewer && viewer.user.role !== 'ADMIN') throw forbidden();
        return isUnbound(viewer);
      },
      apiKey: async (needed) => {
        const key = await ctx.apiKey();
        if (key?.scope === 'READ' && needed === 'WRITE') throw readOnlyKey();
        return key !== undefined;
      },
    }),
    unauthorizedError: (_parent, { presented }) => unauthenticated(presented),
  },
  zod: { validationError: (error) => badUserInput(messagesOf(error)) },
});

/** Returns whether there is a viewer. @throws AuthError ENROLLMENT_REQUIRED */
function isUnbound(viewer: Viewer | undefined): boolean {
  if (viewer?.mustEnroll) throw enrollmentRequired();
  return viewer !== undefined;
}

function messagesOf(error: ZodError): FieldMessages {
  const fields: FieldMessages = {};
  for (const { path, message } of error.issues) {
    const name = fieldName(path as (string | number)[]);
    fields[name] = [...(fields[name] ?? []), message];
  }
  return fields;
}

/** Options of a field that a session may use before it has enrolled a required factor. */
export const enrolling = {
  skipTypeScopes: true as const,
  authScopes: { enrolling: true as const },
};

/** Options of a field for administrators that also accepts API keys with a scope. */
export const administered = <Scope extends ApiKeyScope>(scope: Scope) => ({
  skipTypeScopes: true as const,
  authScopes: { admin: true as const, apiKey: scope },
});
