import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '#src/app.ts';
import { createBoundedServer } from '#src/http/connections.ts';
import { useApp } from '#tests/support/app.ts';
import { openConnection, type RawConnection } from '#tests/support/raw-connection.ts';
import { request } from '#tests/support/request.ts';

const app = useApp();

/** Starts the server as in production, with its default limits and timeouts. */
async function listen(): Promise<string> {
  const { config } = app.runtime;
  const server = createBoundedServer(createApp(app.runtime), config, app.runtime);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const headers = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
const attacks: Record<string, (connection: RawConnection) => Promise<unknown>> = {
  async 'nothing at all'() {},
  async 'half of the headers'(connection) {
    connection.write(headers);
  },
  async 'half of the body'(connection) {
    connection.write(`${headers}Content-Length: 999\r\n\r\n{"query": "`);
  },
  async 'one request, and then nothing'(connection) {
    connection.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await app.eventually(() => connection.received || connection.isClosed);
  },
};

/** Whether a client that opens a connection now is answered before an attacker's is cut off. */
async function isAnswered(url: string, from: string): Promise<boolean> {
  const signal = AbortSignal.timeout(8000);
  const gaveUp = once(signal, 'abort').then(() => false);
  const answered = request(`${url}/healthz`, { from }).then(({ status }) => status === 200);
  return Promise.race([answered.catch(() => false), gaveUp]);
}

it.each(
  // From few addresses the limit of a client applies, from many the limit of all.
  Object.entries(attacks).flatMap(([what, attack]) =>
    [4, 40].map((count) => [what, count, attack] as const),
  ),
)(
  'responds to all of 118 clients while 1,200 connections send %s, from %d addresses',
  async (_what, count, attack) => {
    const url = await listen();
    const attackers = Array.from({ length: count }, (_, index) => `127.9.${index}.1`);
    for (let turn = 0; turn < 1200 / count; turn += 5) {
      await Promise.all(
        attackers.flatMap((from) =>
          Array.from({ length: 5 }, async () => {
            await openConnection(url, from).then(attack);
          }),
        ),
      );
    }
    const others = Array.from({ length: 118 }, (_, index) => `127.8.${index}.1`);
    const answered = await Promise.all(others.map((from) => isAnswered(url, from)));
    expect(answered.filter(Boolean)).toHaveLength(118);
  },
  30_000,
);
