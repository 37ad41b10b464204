import type { GraphQLSchema } from 'graphql';
import './fields/account-fields.ts';
import './fields/audit-fields.ts';
import { builder } from './builder.ts';
import './fields/session-management-fields.ts';
import './fields/password-fields.ts';
import './fields/session-fields.ts';

builder.queryType({
  description: 'What can be read. Everything here wants an access token.',
  authScopes: { signedIn: true },
});
builder.mutationType({
  description: 'What can be done. Needs no access token, but where a field says so.',
  authScopes: { signedIn: true },
});

export const schema: GraphQLSchema = builder.toSchema();
