import { setTimeout as pause } from 'node:timers/promises';
import { answersOk } from './daemon.ts';
import { onBalancer, type TopologyEvent, WITHIN } from './event.ts';
import type { Destination } from './network.ts';
import type { Topology } from './topology.ts';

/** Cuts the last server off from a store. */
export const partition = (
  { network, balancer: haproxy, servers }: Topology,
  destination: Destination,
): TopologyEvent => ({
  name: `a server loses ${destination}`,
  effects: [onBalancer],
  within: WITHIN,
  async begin() {
    network.cut(destination);
    // Its own answer shows that the cut works.
    const url = `${servers.at(-1)?.url}/readyz`;
    for (const end = Date.now() + 10_000; await answersOk(url); await pause(100))
      if (Date.now() > end) throw new Error(`the server still reaches ${destination}`);
  },
  end() {
    network.heal();
    return haproxy.settled();
  },
});
