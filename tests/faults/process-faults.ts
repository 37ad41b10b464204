import type { Part } from '#tests/support/managed-process.ts';
import type { Fault, Victims } from './fault.ts';

export function processFaults({ processes }: Victims, part: Part): Fault[] {
  const shared = { target: part.name, rounds: 1, end: () => processes.start(part) };
  return [
    {
      ...shared,
      name: `kill -9 ${part.name}`,
      effect: 'away',
      seconds: [0, 6],
      begin: () => processes.end(part, 'SIGKILL'),
    },
    {
      ...shared,
      name: `SIGTERM ${part.name}`,
      effect: 'draining',
      seconds: [0, 3],
      begin: () => processes.end(part, 'SIGTERM'),
    },
    freeze(part, [2, 7]),
  ];
}

export const freeze = (part: Part, seconds: Fault['seconds']): Fault => ({
  name: `SIGSTOP ${part.name}`,
  target: part.name,
  effect: 'frozen',
  seconds,
  rounds: 1,
  begin: async () => part.kill('SIGSTOP'),
  end: async () => part.kill('SIGCONT'),
});

const shiftModule = new URL('clock-shift.ts', import.meta.url).href;

/** A process whose machine tells another time. */
export function clockFaults({ processes }: Victims, part: Part): Fault[] {
  const restart = async (variables: Readonly<Record<string, string>>) => {
    await processes.end(part, 'SIGTERM');
    await processes.start(part, variables);
  };
  return [1, -1].map((hours) => ({
    name: `clock of ${part.name} ${hours > 0 ? '+' : '-'}1 h`,
    target: part.name,
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
