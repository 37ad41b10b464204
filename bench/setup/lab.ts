import type { Child } from './child.ts';
import type { Database } from './database.ts';
import { Gatehouse } from './gatehouse.ts';
import { LoadClient } from './load-client.ts';
import { type Peer, startPeer } from './peers.ts';
import { makePlace, type Place } from './place.ts';
import { type Stores, startStores } from './stores.ts';

/** Everything that a run measures: stores, one server, one worker, and peers as they are needed. */
export interface Lab {
  readonly place: Place;
  readonly stores: Stores;
  readonly client: LoadClient;
  readonly gatehouse: Gatehouse;
  readonly server: Child & { readonly port: number };
  readonly worker: Child;
  readonly sql: Database['sql'];
  readonly withClient: Database['withClient'];
  /** Starts a peer at its first use. */
  peer(name: Parameters<typeof startPeer>[1]): Promise<Peer>;
  close(): Promise<void>;
}

/** Starts an installation, with a client of its own unless one is given. */
export async function openLab(shared?: LoadClient): Promise<Lab> {
  const place = makePlace();
  const stores = await startStores(place);
  const client = shared ?? (await LoadClient.start(place));
  const gatehouse = new Gatehouse({ place, stores, smtpPort: client.smtpPort });
  const [server, worker] = await Promise.all([gatehouse.server(), gatehouse.worker()]);
  const peers = new Map<string, Promise<Peer>>();
  return {
    place,
    stores,
    client,
    gatehouse,
    server,
    worker,
    sql: stores.database.sql,
    withClient: stores.database.withClient,
    peer(name) {
      const started =
        peers.get(name) ?? startPeer(place, name, { DATABASE_URL: stores.postgresUrl });
      peers.set(name, started);
      return started;
    },
    async close() {
      const children = [server, worker, ...(await Promise.all(peers.values()))];
      await Promise.all(children.map((child) => child.stop()));
      await stores.stop();
    },
  };
}
