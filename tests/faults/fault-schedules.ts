import type { FaultSchedule, FaultTargets } from './fault.ts';
import { mailFaults, mailServerFault } from './mail-faults.ts';
import { clockFaults, freeze, groupFaults, processFaults } from './process-faults.ts';
import { postgresFaults, redisFaults } from './store-faults.ts';
import { webhookFaults } from './webhook-faults.ts';

/** All faults. */
export function faultSchedules(targets: FaultTargets): FaultSchedule[] {
  const { servers, workers } = targets;
  const instances = [...servers, ...workers];
  const processes = instances.flatMap((instance) => [
    ...processFaults(targets, instance),
    ...clockFaults(targets, instance),
  ]);
  return [
    { quiet: [2, 6], faults: [...processes, ...servers.flatMap(groupFaults)] },
    { quiet: [4, 9], faults: [...postgresFaults(targets), ...redisFaults(targets)] },
    { quiet: [4, 10], faults: mailFaults(targets) },
    { quiet: [3, 8], faults: webhookFaults(targets) },
    // Longer than the lease of a mail, and the lifetime of a code.
    {
      quiet: [15, 30],
      faults: [
        ...workers.map((instance) => freeze(instance, [30, 40])),
        mailServerFault(targets, 'SMTP down for longer than a code is valid', 'down', [105, 115]),
      ],
    },
  ];
}
