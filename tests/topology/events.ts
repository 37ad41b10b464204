import { anyOf } from '#tests/faults/password-steps.ts';
import type { Processes } from '#tests/faults/processes.ts';
import type { Effect } from '#tests/faults/timeline.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import type { TopologyEvent } from './event.ts';
import type { Destination } from './network.ts';
import { LEASE } from './patroni.ts';
import type { Topology } from './topology.ts';

/** Seconds. */
const WITHIN = 15;
/** Seconds until a replica has taken over: the rest of the lease, and a promotion. */
const AFTER_LEASE = LEASE + 10;

/** Something that stops, and what surrounds it. */
interface Stoppable {
  kill(): Promise<unknown>;
  freeze(): unknown;
  thaw(): unknown;
  restart(): Promise<unknown>;
}

type Kind = Pick<TopologyEvent, 'effects' | 'within' | 'losesCounters'> & {
  readonly title: string;
  find(): Promise<Stoppable>;
  settled?(): Promise<unknown>;
};

/** A kill and a freeze of one part. */
function stops({ title, find, settled, ...kind }: Kind): TopologyEvent[] {
  let part: Stoppable | undefined;
  return [
    {
      ...kind,
      name: `kill ${title}`,
      async begin() {
        part = await find();
        await part.kill();
      },
      async end() {
        await part?.restart();
        await settled?.();
      },
    },
    {
      ...kind,
      name: `freeze ${title}`,
      async begin() {
        part = await find();
        part.freeze();
      },
      async end() {
        part?.thaw();
        await settled?.();
      },
    },
  ];
}

const stoppable = (processes: Processes, instance: ManagedProcess | undefined): Stoppable => {
  if (!instance) throw new Error('no such process');
  return {
    kill: () => processes.end(instance, 'SIGKILL'),
    freeze: () => instance.kill('SIGSTOP'),
    thaw: () => instance.kill('SIGCONT'),
    restart: () => processes.start(instance),
  };
};

const balancer = ['balancer', 'down'] as const;
const database = ['PostgreSQL', 'disturbed'] as const;

/** All events, in order. */
export function topologyEvents(topology: Topology, processes: Processes): TopologyEvent[] {
  const { servers, workers, poolers, balancer: haproxy, etcd, patroni, redis } = topology;
  const ofProcess = (title: string, instance: ManagedProcess | undefined, effect: Effect[]) =>
    stops({
      title,
      effects: [balancer, ...effect.map((each) => [instance?.name ?? '', each] as const)],
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
      effects: [balancer, ['Redis', 'empty']],
      within: WITHIN,
      losesCounters: true,
      find: async () => anyOf(await redis.primaries()),
      settled: () => redis.settled(),
    }),
    ...stops({
      title: 'the PostgreSQL primary',
      effects: [balancer, database],
      within: AFTER_LEASE,
      find: () => patroni.primary(),
      settled,
    }),
    ...stops({
      title: 'a pooler',
      effects: [balancer, database],
      within: WITHIN,
      find: async () => anyOf(poolers),
    }),
    ...stops({
      title: "etcd's leader",
      effects: [balancer, database],
      within: WITHIN,
      find: () => etcd.leader(),
      settled,
    }),
    ...viewEvents(topology, processes),
    partition(topology, 'Redis'),
    partition(topology, 'PostgreSQL'),
  ];
}

/** The balancer takes a ready server out, and believes that a killed one is ready. */
function viewEvents(topology: Topology, processes: Processes): TopologyEvent[] {
  const { balancer: haproxy, servers } = topology;
  const server = stoppable(processes, servers[1]);
  const tell = async (command: string, more = '') => {
    for (const backend of ['ready', 'living'])
      await haproxy.tell(`${command} ${backend}/server-2 ${more}`.trim());
  };
  const shared = { effects: [balancer], within: WITHIN };
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

const partition = (
  { network, balancer: haproxy }: Topology,
  destination: Destination,
): TopologyEvent => ({
  name: `a server loses ${destination}`,
  effects: [balancer],
  within: WITHIN,
  begin: async () => network.cut(destination),
  end() {
    network.heal();
    return haproxy.settled();
  },
});
