import { childrenOf } from '#tests/support/child-processes.ts';
import type { ManagedProcess } from '#tests/support/managed-process.ts';
import type { Fault, FaultTargets } from './fault.ts';

export function processFaults({ processes }: FaultTargets, instance: ManagedProcess): Fault[] {
  const shared = { target: instance.name, rounds: 1, end: () => processes.start(instance) };
  return [
    {
      ...shared,
      name: `kill -9 ${instance.name}`,
      effect: 'down',
      seconds: [0, 6],
      begin: () => processes.end(instance, 'SIGKILL'),
    },
    {
      ...shared,
      name: `SIGTERM ${instance.name}`,
      effect: 'draining',
      seconds: [0, 3],
      begin: () => processes.end(instance, 'SIGTERM'),
    },
    freeze(instance, [2, 7]),
  ];
}

export const freeze = (instance: ManagedProcess, seconds: Fault['seconds']): Fault => ({
  name: `SIGSTOP ${instance.name}`,
  target: instance.name,
  effect: 'frozen',
  seconds,
  rounds: 1,
  begin: async () => instance.kill('SIGSTOP'),
  end: async () => instance.kill('SIGCONT'),
});

/** Faults of one of the processes that a server runs, and a restart of all, one after another. */
export function groupFaults(server: ManagedProcess): Fault[] {
  const shared = { target: server.name, rounds: 1 } as const;
  let member = 0;
  const signal = (name: NodeJS.Signals) => {
    [member = 0] = childrenOf(server.pid);
    if (member > 0) process.kill(member, name);
  };
  const nothing = async () => undefined;
  return [
    {
      ...shared,
      name: `kill -9 one process of ${server.name}`,
      effect: 'down',
      seconds: [1, 3],
      begin: async () => signal('SIGKILL'),
      end: nothing,
    },
    {
      ...shared,
      name: `SIGSTOP one process of ${server.name}`,
      effect: 'frozen',
      seconds: [2, 7],
      begin: async () => signal('SIGSTOP'),
      end: async () =>
        void (childrenOf(server.pid).includes(member) && process.kill(member, 'SIGCONT')),
    },
    {
      ...shared,
      name: `SIGHUP ${server.name}`,
      // Excuses no lost request.
      effect: 'disturbed',
      seconds: [5, 10],
      begin: async () => server.kill('SIGHUP'),
      end: nothing,
    },
  ];
}

const shiftModule = new URL('clock-shift.ts', import.meta.url).href;

/** A process whose machine tells another time. */
export function clockFaults({ processes }: FaultTargets, instance: ManagedProcess): Fault[] {
  const restart = async (variables: Readonly<Record<string, string>>) => {
    await processes.end(instance, 'SIGTERM');
    await processes.start(instance, variables);
  };
  return [1, -1].map((hours) => ({
    name: `clock of ${instance.name} ${hours > 0 ? '+' : '-'}1 h`,
    target: instance.name,
    effect: 'shifted',
    seconds: [6, 12],
    rounds: 2,
    begin: () =>
      restart({
        NODE_OPTIONS: `--import=${shiftModule}`,
        CLOCK_SHIFT: String(hours * 3_600_000),
      }),
    end: () => restart({ NODE_OPTIONS: '', CLOCK_SHIFT: '' }),
  }));
}
