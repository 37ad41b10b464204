import { MeDocument } from '../../client/generated/graphql.ts';
import type { Expectation } from '../client/job.ts';
import { bearer, get, post } from '../client/raw-request.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Lab } from '../setup/lab.ts';
import { type SignedIn, signIn } from '../setup/people.ts';
import type { Block } from './block.ts';
import { ratioRow } from './row.ts';

const CONNECTIONS = 64;
/** Accounts that ask. More than a process can serve in one turn of its event loop. */
const PEOPLE = 256;

interface Endpoint {
  readonly pid: number;
  readonly port: number;
}

/** Rows 1 and 2: `me` against the bare frameworks. */
export const me: Block = async (lab, options) => {
  const { server } = lab;
  const people = await signIn(lab.client, server.port, PEOPLE);
  const bare = await bareContenders(lab);
  const results = await compare([...bare, ...meContenders(lab, server, people)], options);
  const [, hono, yoga, graphql, rest] = [...results.values()];
  if (!hono || !yoga || !graphql || !rest) throw new Error('a contender is missing');
  const ofGraphql = { target: '1', title: 'GraphQL `me` / bare Yoga `{ hello }`' };
  const ofRest = { target: '2', title: 'REST `me` / bare Hono JSON' };
  return {
    rows: [
      ratioRow({ ...ofGraphql, atLeast: 1.3, aim: 2 }, graphql, yoga),
      ratioRow({ ...ofRest, atLeast: 0.2, aim: 0.3 }, rest, hono),
    ],
    costs: [graphql, rest],
  };
};

/** `me` over both transports. Every response must have the address of somebody who signed in. */
export function meContenders(
  lab: Lab,
  server: Endpoint,
  people: readonly SignedIn[],
): [graphql: Contender, rest: Contender] {
  const query = MeDocument.toString();
  const expected = { status: 200, text: '@example.com","' };
  const graphql = people.map(({ accessToken }) => post('/graphql', { query }, bearer(accessToken)));
  const rest = people.map(({ accessToken }) => get('/api/v1/auth/me', bearer(accessToken)));
  return [
    repeated(lab, '`me`, GraphQL', server, graphql, expected),
    repeated(lab, '`me`, REST', server, rest, expected),
  ];
}

/** What the bare frameworks do. */
async function bareContenders(lab: Lab): Promise<Contender[]> {
  const expected = { status: 200, text: '"hello":"world"' };
  const query = post('/graphql', { query: '{ hello }' });
  return [
    repeated(lab, 'bare node:http', await lab.peer('node-http'), [get('/')], expected),
    repeated(lab, 'bare Hono', await lab.peer('hono'), [get('/')], expected),
    repeated(lab, 'bare Yoga', await lab.peer('yoga'), [query], expected),
  ];
}

/** Makes a contender that repeats a list of requests. */
export const repeated = (
  { client }: Lab,
  name: string,
  { pid, port }: Endpoint,
  requests: readonly string[],
  expected: Expectation,
  connections = CONNECTIONS,
): Contender => ({
  name,
  pid,
  run: (seconds) => client.run({ port, connections, requests, seconds, expected }),
});
