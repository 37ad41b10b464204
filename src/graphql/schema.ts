import type { GraphQLSchema } from 'graphql';
import './accounts.ts';
import './audit.ts';
import { builder } from './builder.ts';
import './own-sessions.ts';
import './passwords.ts';
import './sessions.ts';

builder.queryType({
  description: 'What can be read. Everything here wants an access token.',
  authScopes: { signedIn: true },
});
builder.mutationType({
  description: 'What can be done. Needs no access token, but where a field says so.',
  authScopes: { signedIn: true },
});

export const schema: GraphQLSchema = builder.toSchema();
