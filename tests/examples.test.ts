import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { getOperationAST, Kind, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import { LoginDocument, MeDocument } from '../client/generated/graphql.ts';
import { GatehouseClient } from '../examples/walk-through/gatehouse-client.ts';
import { isAdministration } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

// The example is for a development machine, whose limits on mails are wider.
const app = useApp({ LIMIT_MAILED_CODES: '100/600', LIMIT_MAILED_CODES_DAY: '400/86400' });

const main = resolve(import.meta.dirname, '../examples/walk-through/main.ts');

/** Every field that was asked for, on the wire between example and service. */
const asked: string[] = [];
let wire: Server;
let url: string;

beforeAll(async () => {
  wire = createServer((incoming, outgoing) => void passOn(incoming, outgoing));
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  url = `http://127.0.0.1:${(wire.address() as AddressInfo).port}`;
});
afterAll(() => {
  wire.closeAllConnections();
  wire.close();
});
beforeEach(() => {
  asked.length = 0;
});

/** Operations that need an authenticator, or cookie mode. The examples in browsers use them. */
const isOfBrowser = (name: string) => /[pP]asskey|[tT]rustedDevice/.test(name);

it('walks through every operation of a user', async () => {
  const { stdout: said } = await promisify(execFile)(process.execPath, [main, url]);

  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {})
      .filter((field) => !isAdministration(field))
      .map(({ name }) => name)
      .filter((name) => !isOfBrowser(name)),
  );
  expect(fields.length).toBeGreaterThan(10);
  expect([...new Set(asked)].sort()).toEqual(fields.sort());
  expect(said).toMatch(/^register: BAD_USER_INPUT, password: ./m);
  expect(said).toMatch(/^me: UNAUTHENTICATED/m);
  expect(said.match(/^verifyOtp: signed in/gm)).toHaveLength(6);
  expect(said).toMatch(/^verifyFactor: signed in/m);
  expect(said).toMatch(/^auditLogs: .+ REGISTERED from 127/m);
});

it('reports the fix in one line if no development service responds', async () => {
  const elsewhere = createServer((_incoming, outgoing) => outgoing.end('<h1>Hello</h1>'));
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  try {
    for (const [address, problem] of [
      ['http://127.0.0.1:1', 'Gatehouse does not respond at http://127.0.0.1:1'],
      ['localhost', 'Gatehouse does not respond at localhost'],
      [other, `There is no development inbox at ${other}`],
    ] as const) {
      const ended = await promisify(execFile)(process.execPath, [main, address]).catch(
        (error: unknown) => error,
      );
      const stderr = `${problem}. Run \`npm start\` and pass the URL that it prints.\n`;
      expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
    }
  } finally {
    elsewhere.close();
  }
});

it('renews the tokens once, for all requests that were rejected', async () => {
  const client = new GatehouseClient(url);
  const { refreshToken } = await new Person(app).signIn();
  client.tokens = { accessToken: 'too old', refreshToken };
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => client.execute(MeDocument, {})),
  );

  expect(responses).toHaveLength(5);
  expect(asked.filter((field) => field === 'refreshTokens')).toHaveLength(1);
  expect(asked.filter((field) => field === 'me')).toHaveLength(10);
  expect(client.tokens.refreshToken).not.toBe(refreshToken);
});

it('discards the tokens of an ended session, and asks the user to sign in', async () => {
  const client = new GatehouseClient(url);
  const { accessToken, refreshToken } = await new Person(app).signIn();
  client.tokens = { accessToken, refreshToken };
  await new Person(app).logout({ refreshToken });

  await expect(client.execute(MeDocument, {})).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(asked).toEqual(['me', 'refreshTokens']);
  expect(client.tokens).toBeUndefined();
});

it('turns an error response into an error with its code, fields and times', async () => {
  const client = new GatehouseClient(url);
  const ada = new Person(app);
  const attempt = (email: string) =>
    client.execute(LoginDocument, { input: { email, password: PASSWORD } }).catch(Object);

  expect(await attempt('nobody')).toMatchObject({
    name: 'GatehouseError',
    code: 'BAD_USER_INPUT',
    fields: { email: ['Enter a valid email address.'] },
  });
  for (let i = 0; i < 5; i += 1) {
    expect(await attempt(ada.email)).toMatchObject({ code: 'INVALID_CREDENTIALS', fields: {} });
  }
  const locked = await attempt(ada.email);
  expect(locked.code).toBe('LOCKED');
  expect(locked.retryAfter).toBeGreaterThan(880);
});

async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { url: path = '', method = 'GET', headers } = incoming;
  const body = await text(incoming);
  if (path === '/graphql') asked.push(...fieldsOf(JSON.parse(body).query));
  const { authorization, 'content-type': type = '' } = headers;
  const answer = await app.fetch(path, {
    method,
    headers: { 'content-type': type, ...(authorization && { authorization }) },
    body,
  });
  outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
}

/** The fields of Query and Mutation that a document asks for. */
function fieldsOf(document: string): string[] {
  const operation = getOperationAST(parse(document));
  const selections = operation?.selectionSet.selections ?? [];
  return selections.map((selection) =>
    selection.kind === Kind.FIELD ? selection.name.value : 'a fragment',
  );
}
