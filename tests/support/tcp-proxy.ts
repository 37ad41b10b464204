import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a store on this machine, as a network does. */
export interface TcpProxy {
  /** Connections that were made so far. */
  readonly connections: number;
  /** Returns the same URL through the proxy. */
  through(url: string): string;
  /** Sends new connections to another URL. */
  leadTo(url: string): void;
  /** From now on nothing passes through the connections that are open, and nobody is told. */
  fallSilent(): void;
  /** Closes the connections that are open. */
  cut(): void;
  close(): void;
}

export async function startTcpProxy(url: string): Promise<TcpProxy> {
  let target = Number(new URL(url).port);
  let connections = 0;
  const open = new Set<{ isSilent: boolean; ends: Socket[] }>();
  const server = createServer((client) => {
    connections += 1;
    const store = connect(target, '127.0.0.1');
    const pair = { isSilent: false, ends: [client, store] };
    open.add(pair);
    const join = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => pair.isSilent || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        if (!pair.isSilent) to.destroy();
        if (pair.ends.every((end) => end.destroyed)) open.delete(pair);
      });
    };
    join(client, store);
    join(store, client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const end of [...open].flatMap(({ ends }) => ends)) end.destroy();
  };
  return {
    cut,
    get connections() {
      return connections;
    },
    through(given) {
      return Object.assign(new URL(given), { port }).href;
    },
    leadTo(given) {
      target = Number(new URL(given).port);
    },
    fallSilent() {
      for (const pair of open) pair.isSilent = true;
    },
    close() {
      server.close();
      cut();
    },
  };
}
