import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stores that a server reaches over its own network. */
export type Destination = 'Redis' | 'PostgreSQL';

/** The network of one server: all its connections to the stores pass through it. */
export interface Network {
  /** Environment that leads the connections of a process here. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on no byte passes to or from a destination, and no connection is closed. */
  cut(destination: Destination): void;
  /** Lets new connections pass. Those that were cut stay silent. */
  heal(): void;
  close(): void;
}

const divertModule = new URL('divert-connections.ts', import.meta.url).href;

export async function startNetwork(
  ports: Readonly<Record<Destination, readonly number[]>>,
): Promise<Network> {
  const cut = new Set<Destination>();
  const links: Link[] = [];
  for (const [name, targets] of Object.entries(ports)) {
    const destination = name as Destination;
    for (const target of targets)
      links.push(await openLink(target, destination, () => cut.has(destination)));
  }
  const diverted = Object.fromEntries(links.map(({ target, port }) => [target, port]));
  return {
    variables: {
      NODE_OPTIONS: `--import=${divertModule}`,
      DIVERTED_PORTS: JSON.stringify(diverted),
    },
    cut(destination) {
      cut.add(destination);
      for (const link of links) if (link.destination === destination) link.silence();
    },
    heal: () => cut.clear(),
    close() {
      for (const link of links) link.close();
    },
  };
}

interface Link {
  readonly target: number;
  readonly destination: Destination;
  readonly port: number;
  silence(): void;
  close(): void;
}

async function openLink(
  target: number,
  destination: Destination,
  isCut: () => boolean,
): Promise<Link> {
  const open = new Set<{ isSilent: boolean; ends: readonly Socket[] }>();
  const server = createServer({ noDelay: true }, (client) => {
    const store = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair = { isSilent: isCut(), ends: [client, store] };
    open.add(pair);
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => pair.isSilent || to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        if (!pair.isSilent) to.destroy();
        if (from === client) store.destroy();
        if (pair.ends.every((end) => end.destroyed)) open.delete(pair);
      });
    };
    pass(client, store);
    pass(store, client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    target,
    destination,
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const pair of open) pair.isSilent = true;
    },
    close() {
      server.close();
      for (const end of [...open].flatMap(({ ends }) => ends)) end.destroy();
    },
  };
}
