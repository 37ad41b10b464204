import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { ConnectionPool } from '#src/http/connection-pool.ts';

/** A fake socket, because this machine has no address in such IPv6 networks. */
function socketFrom(remoteAddress: string): Socket {
  return Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
}

function fill(connections: number, addresses: readonly string[], trustProxy: string[] = []) {
  const pool = new ConnectionPool({ connections, clientConnections: 100, trustProxy }, () => {});
  const sockets = addresses.map(socketFrom);
  for (const socket of sockets) pool.add(socket);
  return { pool, sockets };
}

const closed = (sockets: readonly Socket[]) =>
  sockets.flatMap(({ destroyed }, index) => (destroyed ? [index] : []));

it('counts the 65,536 networks of one IPv6 owner together', () => {
  const owner = [1, 2, 3].map((network) => `2001:db8:1:${network}00::1`);
  const others = ['2001:db8:2::1', '2001:db8:2::2', '203.0.113.1', '::ffff:203.0.113.1'];
  const { pool, sockets } = fill(7, [...others, ...owner]);
  const next = socketFrom('2001:db8:9::1');
  pool.add(next);
  expect([closed(sockets), next.destroyed]).toEqual([[others.length], false]);
});

it('picks the smaller network with most connections inside a network', () => {
  const spread = ['2001:db8:1:100::1', '2001:db8:1:200::1', '2001:db8:1:300::1'];
  const crowd = ['2001:db8:1:400::1', '2001:db8:1:401::1'];
  const { pool, sockets } = fill(5, [...spread, ...crowd]);
  pool.add(socketFrom('203.0.113.9'));
  expect(closed(sockets)).toEqual([spread.length]);
});

it('never closes a connection with a running request, or of a trusted proxy', () => {
  const { pool, sockets } = fill(3, ['10.0.0.1', '10.0.0.1', '203.0.113.1'], ['10.0.0.1']);
  const [, , busy] = sockets;
  const request = { socket: busy, complete: true } as IncomingMessage;
  const response = { req: request, writableEnded: false, on() {} } as unknown as ServerResponse;
  pool.begin(response);
  const next = socketFrom('203.0.113.2');
  pool.add(next);
  expect([closed(sockets), next.destroyed]).toEqual([[], true]);

  // Its response is written, and the client does not read it.
  Object.assign(response, { writableEnded: true });
  pool.add(socketFrom('203.0.113.3'));
  expect(closed(sockets)).toEqual([2]);
});
