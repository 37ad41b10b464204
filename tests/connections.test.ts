import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '#src/app.ts';
import type { Config } from '#src/config/load-config.ts';
import { createBoundedServer, timeouts } from '#src/http/connections.ts';
import { newClient, useApp } from './support/app.ts';
import { openConnection, type RawConnection } from './support/raw-connection.ts';
import { request } from './support/request.ts';

const app = useApp();

interface Bounds {
  readonly config?: Partial<Config>;
  readonly timeouts?: Partial<typeof timeouts>;
  readonly listener?: RequestListener;
}

/** Starts the server as in production, for one test. `bounds` overrides limits and timeouts. */
async function listen(bounds: Bounds = {}): Promise<string> {
  const { config } = app.runtime;
  const server = createBoundedServer(
    bounds.listener ?? createApp(app.runtime),
    { ...config, ...bounds.config },
    app.runtime,
    { ...timeouts, ...bounds.timeouts },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = (count: number, url: string, from?: string): Promise<RawConnection[]> =>
  Promise.all(Array.from({ length: count }, () => openConnection(url, from)));

const HALF = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';
const served = async (url: string, from?: string) =>
  (await request(`${url}/healthz`, from ? { from } : {})).status;
const allClosed = (connections: RawConnection[]) =>
  app.eventually(() => connections.every(({ isClosed }) => isClosed));

it('serves all clients beside 200 connections with half-sent requests', async () => {
  const url = await listen({ config: { clientConnections: 250 } });
  const halves = await open(200, url);
  for (const half of halves) half.write(HALF);

  const began = Date.now();
  expect([await served(url), await served(url, newClient())]).toEqual([200, 200]);
  expect(Date.now() - began).toBeLessThan(2000);
  expect(halves.filter(({ isClosed }) => isClosed)).toEqual([]);
});

it('closes a connection that sends half of a request, or nothing', async () => {
  const times = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };
  const url = await listen({ timeouts: times });
  const [nothing = [], headers = [], body = []] = await Promise.all(
    [0, 1, 2].map(() => open(5, url)),
  );
  for (const each of headers) each.write(HALF);
  for (const each of body) {
    each.write(HALF, 'Content-Type: application/json', 'Content-Length: 99', '', '{');
  }
  await allClosed([...nothing, ...headers, ...body]);
  for (const { received } of headers) expect(received).toMatch(/^HTTP\/1\.1 408 /);
  expect(await served(url)).toBe(200);
});

it('closes a connection that does not read the response', async () => {
  let isCut = false;
  const listener: RequestListener = (incoming, response) => {
    incoming.socket.once('close', () => {
      isCut = true;
    });
    response.end('x'.repeat(50_000_000));
  };
  const url = await listen({ listener, timeouts: { timeout: 200 } });
  const [deaf] = await open(1, url);
  deaf?.socket.pause();
  deaf?.write('GET / HTTP/1.1', 'Host: localhost', '', '');
  expect(await app.eventually(() => isCut)).toBe(true);
});

it('closes a connection beyond the limit, warns once, and keeps serving', async () => {
  app.logLines.length = 0;
  let begun = 0;
  const url = await listen({ listener: () => void begun++, config: { connections: 4 } });
  const busy = await open(4, url);
  for (const each of busy) each.write('GET / HTTP/1.1', 'Host: localhost', '', '');
  await app.eventually(() => begun === 4);
  // Each from another client: it is not their number that is too great.
  const more = await Promise.all([1, 2, 3].map(() => openConnection(url, newClient())));
  await allClosed(more);
  expect(busy.filter(({ isClosed }) => isClosed)).toEqual([]);
  expect(app.logLines.filter((line) => line.includes('"LIMIT_CONNECTIONS"'))).toHaveLength(1);

  busy[0]?.socket.destroy();
  await app.eventually(async () => {
    const next = await openConnection(url);
    next.write('GET / HTTP/1.1', 'Host: localhost', '', '');
    await app.eventually(() => next.isClosed || begun === 5);
    return begun === 5;
  });
});

it('replaces the longest idle connection of the client with most connections', async () => {
  const url = await listen({ config: { connections: 5 } });
  const [crowd, other] = [newClient(), newClient()];
  const single = await openConnection(url, other);
  const first = await open(1, url, crowd);
  const later = await open(3, url, crowd);
  expect(await served(url, newClient())).toBe(200);
  await allClosed(first);
  expect([single, ...later].filter(({ isClosed }) => isClosed)).toEqual([]);
});

it('counts the clients of one network together', async () => {
  const url = await listen({ config: { connections: 5 } });
  const crowd = await Promise.all([1, 2, 3].map((host) => openConnection(url, `127.7.7.${host}`)));
  const pair = await open(2, url, newClient());
  expect(await served(url, newClient())).toBe(200);
  await app.eventually(() => crowd.filter(({ isClosed }) => isClosed).length === 1);
  expect(pair.filter(({ isClosed }) => isClosed)).toEqual([]);
});

it('limits the connections per client, and exempts trusted proxies', async () => {
  app.logLines.length = 0;
  const [client, neighbour, proxy] = [newClient(), newClient(), newClient()];
  const url = await listen({ config: { clientConnections: 3, trustProxy: [proxy] } });
  const first = await open(3, url, client);
  const next = await open(1, url, client);
  // The one that waits longest is closed.
  await app.eventually(() => first.filter(({ isClosed }) => isClosed).length === 1);
  expect(next.filter(({ isClosed }) => isClosed)).toEqual([]);
  expect([await served(url, neighbour), await served(url, client)]).toEqual([200, 200]);
  await open(10, url, proxy);
  expect(await served(url, proxy)).toBe(200);
  expect(app.logLines.filter((line) => line.includes('"LIMIT_CLIENT_CONN'))).toHaveLength(1);
});

it('times out a half-sent request of a trusted proxy, too', async () => {
  const times = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 50 };
  const proxy = newClient();
  const url = await listen({ timeouts: times, config: { trustProxy: [proxy] } });
  const halves = await open(3, url, proxy);
  for (const half of halves) half.write(HALF);
  await allClosed(halves);
  for (const { received } of halves) expect(received).toMatch(/^HTTP\/1\.1 408 /);
});

it('announces how long a connection waits for the next request', async () => {
  const url = await listen({ config: { keepAlive: 65 } });
  const [connection] = await open(1, url);
  connection?.write('GET /healthz HTTP/1.1', 'Host: localhost', '', '');
  const answer = await app.eventually(() => connection?.received);
  expect(answer).toContain('Keep-Alive: timeout=65');
});

it('starts a few pipelined requests, and closes a connection that sends more', async () => {
  let begun = 0;
  const url = await listen({ listener: () => void begun++ });
  const [polite, rude] = [await openConnection(url), await openConnection(url)];
  const ask = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
  polite.write(ask.repeat(4));
  await app.eventually(() => begun === 4);
  rude.write(ask.repeat(20_000));
  await app.eventually(() => rude.isClosed);
  expect([begun, polite.isClosed]).toEqual([8, false]);
});

it('keeps a connection open for any number of requests in sequence', async () => {
  const url = await listen();
  const connection = await openConnection(url);
  for (let turn = 1; turn <= 10; turn++) {
    connection.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await app.eventually(() => connection.received.split('{"status":"ok"}').length === turn + 1);
  }
  expect(connection.isClosed).toBe(false);
});

it('reads a body that comes in pieces after the headers', async () => {
  const connection = await openConnection(await listen());
  const body = JSON.stringify({ query: '{ __typename }' });
  const head = [
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
  ];
  const received = (text: string, times: number) =>
    app.eventually(() => connection.received.split(text).length === times + 1);
  // The first request makes the document known, so that the second one bypasses Yoga.
  for (const times of [1, 2]) {
    connection.write('POST /graphql HTTP/1.1', ...head, '', '');
    await received('100 Continue', times);
    connection.socket.write(body.slice(0, 9));
    connection.socket.write(body.slice(9));
    await received('"Query"', times);
  }
  expect(connection.isClosed).toBe(false);
});
