import type { AddressInfo, Server } from 'node:net';

/** Tells the parent process the port, and ends with it. */
export function announce(server: Pick<Server, 'address' | 'once'>): void {
  process.on('disconnect', () => process.exit());
  server.once('listening', () => process.send?.({ port: (server.address() as AddressInfo).port }));
}
