import { anyOf } from '#tests/faults/password-steps.ts';
import type { Processes } from '#tests/faults/processes.ts';
import type { Effect } from '#tests/faults/timeline.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import { onBalancer, type TopologyEvent, WITHIN } from './event.ts';
import { partition } from './partition.ts';
import { LEASE } from './patroni.ts';
import { stoppable, stops } from './stops.ts';
import type { Topology } from './topology.ts';
import { viewEvents } from './view-events.ts';

/** Seconds until a replica has taken over: the rest of the lease, and a promotion. */
const AFTER_LEASE = LEASE + 10;
const database = ['PostgreSQL', 'disturbed'] as const;

/** All events, in order. */
export function topologyEvents(topology: Topology, processes: Processes): TopologyEvent[] {
  const { servers, workers, poolers, balancer: haproxy, etcd, patroni, redis } = topology;
  const ofProcess = (title: string, instance: ManagedProcess | undefined, effect: Effect[]) =>
    stops({
      title,
      effects: [onBalancer, ...effect.map((each) => [instance?.name ?? '', each] as const)],
      within: WITHIN,
      find: async () => stoppable(processes, instance),
      settled: () => haproxy.settled(),
    });
  const settled = () => patroni.settled();
  return [
    ...ofProcess('a server', servers[0], []),
    ...ofProcess('a worker', workers[0], ['down', 'frozen']),
    ...stops({
      title: 'a Redis primary',
      effects: [onBalancer, ['Redis', 'empty']],
      within: WITHIN,
      losesCounters: true,
      find: async () => anyOf(await redis.primaries()),
      settled: () => redis.settled(),
    }),
    ...stops({
      title: 'the PostgreSQL primary',
      effects: [onBalancer, database],
      within: AFTER_LEASE,
      find: () => patroni.primary(),
      settled,
    }),
    ...stops({
      title: 'a pooler',
      effects: [onBalancer, database],
      within: WITHIN,
      find: async () => anyOf(poolers),
    }),
    ...stops({
      title: "etcd's leader",
      effects: [onBalancer, database],
      within: WITHIN,
      // Longer than the lease that the primary has to renew.
      lasts: LEASE + 5,
      find: () => etcd.leader(),
      settled,
    }),
    ...viewEvents(topology, processes),
    partition(topology, 'Redis'),
    partition(topology, 'PostgreSQL'),
  ];
}
