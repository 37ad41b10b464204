import { createServer } from 'node:http';
import { announce } from './announce.ts';

/** Bare node:http that responds with JSON. */
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ hello: 'world' }));
});
announce(server.listen(0, '127.0.0.1'));
