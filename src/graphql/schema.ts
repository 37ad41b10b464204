import type { GraphQLSchema } from 'graphql';
import './accounts.ts';
import { builder } from './builder.ts';
import './sessions.ts';

builder.queryType({
  description: 'What can be read. Everything here wants an access token.',
  authScopes: { signedIn: true },
});
builder.mutationType({
  description: 'What can be done. Closed without an access token, but where a field says so.',
  authScopes: { signedIn: true },
});

export const schema: GraphQLSchema = builder.toSchema();
