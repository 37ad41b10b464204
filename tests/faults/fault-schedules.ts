import type { Lane, Victims } from './fault.ts';
import { illness, mailFaults } from './mail-faults.ts';
import { clockFaults, freeze, processFaults } from './process-faults.ts';
import { postgresFaults, redisFaults } from './store-faults.ts';

/** All faults. */
export function lanesOf(victims: Victims): Lane[] {
  const { servers, workers } = victims;
  const parts = [...servers, ...workers];
  const processes = parts.flatMap((part) => [
    ...processFaults(victims, part),
    ...clockFaults(victims, part),
  ]);
  return [
    { quiet: [2, 6], faults: processes },
    { quiet: [4, 9], faults: [...postgresFaults(victims), ...redisFaults(victims)] },
    { quiet: [4, 10], faults: mailFaults(victims) },
    // Longer than the lease of a mail, and the life of a code.
    {
      quiet: [15, 30],
      faults: [
        ...workers.map((part) => freeze(part, [65, 75])),
        illness(victims, 'SMTP down for longer than a code lives', 'down', [105, 115]),
      ],
    },
  ];
}
