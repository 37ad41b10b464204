import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Sees what a client sends on one connection. */
export type Reader = (chunk: Buffer) => void;

/** A TCP proxy that shows what clients send to a store, and counts round trips. */
export interface TcpTap {
  /** Address of the store through the proxy. */
  readonly url: string;
  /** Number of times that a client sent something and then waited. */
  roundTrips: number;
  close(): void;
}

/** @param open is called for each connection */
export async function tapStore(storeUrl: string, open: () => Reader): Promise<TcpTap> {
  const { hostname: host, port } = new URL(storeUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const store = connect({ host, port: Number(port) });
    const read = open();
    let isWaiting = false;
    client.on('data', (chunk: Buffer) => {
      if (!isWaiting) tap.roundTrips += 1;
      isWaiting = true;
      read(chunk);
      store.write(chunk);
    });
    store.on('data', (chunk) => {
      isWaiting = false;
      client.write(chunk);
    });
    for (const [socket, other] of [
      [client, store],
      [store, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  const tap: TcpTap = {
    url: url.href,
    roundTrips: 0,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return tap;
}
