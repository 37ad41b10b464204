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
