import { join } from 'node:path';
import type { Variables } from '#src/config/load-config.ts';
import { serverCore } from '../machine/cores.ts';
import { type Child, startChild } from './child.ts';
import type { Place } from './place.ts';

/** A program of `bench/peers` that listens on a port. */
export type Peer = Child & { readonly port: number };

export async function startPeer(
  place: Place,
  name: 'better-auth' | 'hono' | 'node-http' | 'yoga',
  more: Variables = {},
): Promise<Peer> {
  const script = join(import.meta.dirname, `../peers/${name}.ts`);
  const child = await startChild({
    name,
    command: [process.execPath, script],
    cores: serverCore,
    directory: place.directory,
    variables: { ...place.variables, ...more },
  });
  return Object.assign(child, { port: (child.greeting as { port: number }).port });
}
