import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import './fields/account-fields.ts';
import './fields/api-key-fields.ts';
import './fields/audit-fields.ts';
import { builder } from './builder.ts';
import './fields/session-management-fields.ts';
import './fields/monitoring-fields.ts';
import './fields/own-account-fields.ts';
import './fields/factor-fields.ts';
import './fields/passkey-fields.ts';
import './fields/password-fields.ts';
import './fields/session-fields.ts';
import './fields/session-subscription.ts';
import './fields/trusted-device-fields.ts';
import './fields/user-fields.ts';
import './fields/user-change-fields.ts';
import './fields/webhook-fields.ts';

builder.queryType({
  description: 'Read operations. All require an access token; those that accept an API key say so.',
  authScopes: { signedIn: true },
});
builder.mutationType({
  description: 'Write operations. Those that require an access token say so.',
  authScopes: { signedIn: true },
});

builder.subscriptionType({
  description:
    'Events, as Server-Sent Events: POST with `Accept: text/event-stream`. All require an access token.',
  authScopes: { signedIn: true },
});

export const schema: GraphQLSchema = builder.toSchema();

/** Prints the schema as in `schema.graphql`. */
export const printedSchema = (): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
