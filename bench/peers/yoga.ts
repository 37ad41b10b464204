import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from './announce.ts';

/** Stock Yoga with one field, in the version that Gatehouse uses. */
const yoga = createYoga({
  schema: createSchema({
    typeDefs: 'type Query { hello: String! }',
    resolvers: { Query: { hello: () => 'world' } },
  }),
});
const server = createServer((request, response) => void yoga(request, response));
announce(server.listen(0, '127.0.0.1'));
