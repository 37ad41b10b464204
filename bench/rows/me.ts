import { MeDocument } from '../../client/generated/graphql.ts';
import { bearer, get, post } from '../client/raw-request.ts';
import { compare } from '../measure/compare.ts';
import type { Contender } from '../measure/sample.ts';
import type { Lab } from '../setup/lab.ts';
import { signIn } from '../setup/people.ts';
import { responses } from '../setup/responses.ts';
import type { Block } from './block.ts';
import { repeated } from './contender.ts';
import { ratioRow } from './row.ts';

/** Accounts that send requests: more than a server looks up at once. */
const PEOPLE = 256;

/** Rows 1 and 2: `me` against the bare frameworks. */
export const me: Block = async (lab, options) => {
  const bare = await bareContenders(lab);
  const ofGraphql = { target: '1', title: 'GraphQL `me` / bare Yoga `{ hello }`' };
  const ofRest = { target: '2', title: 'REST `me` / bare Hono JSON' };
  const { results, rows } = await compare(
    [...bare, ...(await meContenders(lab))],
    options,
    ([, hono, yoga, graphql, rest]) => [
      ratioRow({ ...ofGraphql, atLeast: 1.3, aim: 2 }, graphql, yoga),
      ratioRow({ ...ofRest, atLeast: 0.2, aim: 0.3 }, rest, hono),
    ],
  );
  return { rows, costs: results };
};

/** `me` over both transports. Every response must have the address of somebody who signed in. */
export async function meContenders(lab: Lab): Promise<[graphql: Contender, rest: Contender]> {
  const { client, server } = lab;
  const people = await signIn(client, server.port, PEOPLE);
  const query = MeDocument.toString();
  const expected = responses.account;
  const graphql = people.map(({ accessToken }) => post('/graphql', { query }, bearer(accessToken)));
  const rest = people.map(({ accessToken }) => get('/api/v1/auth/me', bearer(accessToken)));
  return [
    repeated(lab, '`me`', server, { requests: graphql, expected }),
    repeated(lab, '`me`, REST', server, { requests: rest, expected }),
  ];
}

/** Starts the bare frameworks, which send a fixed response. */
async function bareContenders(
  lab: Lab,
): Promise<[http: Contender, hono: Contender, yoga: Contender]> {
  const expected = { status: 200, text: '"hello":"world"' };
  const read = { requests: [get('/')], expected };
  const query = { requests: [post('/graphql', { query: '{ hello }' })], expected };
  return [
    repeated(lab, 'bare node:http', await lab.peer('node-http'), read),
    repeated(lab, 'bare Hono', await lab.peer('hono'), read),
    repeated(lab, 'bare Yoga', await lab.peer('yoga'), query),
  ];
}
