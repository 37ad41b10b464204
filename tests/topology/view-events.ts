import type { Processes } from '#tests/faults/processes.ts';
import { onBalancer, type TopologyEvent, WITHIN } from './event.ts';
import { stoppable } from './stops.ts';
import type { Topology } from './topology.ts';

/** The balancer takes a ready server out, and believes that a killed one is ready. */
export function viewEvents(topology: Topology, processes: Processes): TopologyEvent[] {
  const { balancer: haproxy, servers } = topology;
  const server = stoppable(processes, servers[1]);
  const tell = async (command: string, more = '') => {
    for (const backend of ['ready', 'living'])
      await haproxy.tell(`${command} ${backend}/server-2 ${more}`.trim());
  };
  const shared = { effects: [onBalancer], within: WITHIN };
  return [
    {
      ...shared,
      name: 'the balancer takes a ready server out',
      begin: () => tell('set server', 'state maint'),
      async end() {
        await tell('set server', 'state ready');
        await haproxy.settled();
      },
    },
    {
      ...shared,
      name: 'the balancer believes a killed server to be ready',
      async begin() {
        await tell('disable health');
        await server.kill();
      },
      async end() {
        await server.restart();
        await tell('enable health');
        await haproxy.settled();
      },
    },
  ];
}
