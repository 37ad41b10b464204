import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import type { Fault, FaultSchedule } from './fault.ts';
import type { Timeline } from './timeline.ts';

/** More than fit into an hour. */
const ROUNDS = 50;

interface Planned {
  readonly fault: Fault;
  /** Milliseconds before it, and of it. */
  readonly pause: number;
  readonly lasting: number;
}

/** A round of all faults of a schedule in any order, again and again; the same for the same seed. */
export function plan(
  { faults, quiet: [min, max] }: FaultSchedule,
  seed: number,
  rounds: number,
): Planned[] {
  const round = (number: number) =>
    faults.filter(({ rounds: every }, index) => (index + number) % every === 0);
  const orders = fc.tuple(
    ...Array.from({ length: rounds }, (_, number) => {
      const all = round(number);
      return fc.shuffledSubarray(all, { minLength: all.length });
    }),
  );
  const planned = (fault: Fault) =>
    fc.record({
      fault: fc.constant(fault),
      pause: fc.integer({ min: min * 1000, max: max * 1000 }),
      lasting: fc.integer({ min: fault.seconds[0] * 1000, max: fault.seconds[1] * 1000 }),
    });
  const plans = orders.chain((order) => fc.tuple(...order.flat().map(planned)));
  return fc.sample(fc.noBias(plans), { seed, numRuns: 1 })[0] ?? [];
}

export interface Run {
  readonly seed: number;
  readonly timeline: Timeline;
  /** Ends the faults: each is undone then. */
  readonly stopping: AbortSignal;
  readonly say: (line: string) => void;
}

/** Does the faults of all schedules until it is stopped, at each instance one at a time. */
export async function runSchedules(schedules: readonly FaultSchedule[], run: Run): Promise<void> {
  const busy = new Set<string>();
  const follow = async (schedule: FaultSchedule, index: number) => {
    const planned = plan(schedule, run.seed * schedules.length + index, ROUNDS);
    const isFree = ({ fault }: Planned) => !busy.has(fault.target);
    while (planned.length > 0) {
      // Jobs that another schedule made fail run later.
      const next = planned.find(isFree) ?? (planned[0] as Planned);
      await quiet(next.pause, run.stopping);
      if (run.stopping.aborted) return;
      if (!isFree(next)) continue;
      planned.splice(planned.indexOf(next), 1);
      busy.add(next.fault.target);
      await happen(next, run);
      busy.delete(next.fault.target);
    }
  };
  await Promise.all(schedules.map(follow));
}

const quiet = (milliseconds: number, signal: AbortSignal) =>
  wait(milliseconds, undefined, { signal }).catch(() => undefined);

async function happen({ fault, lasting }: Planned, run: Run): Promise<void> {
  const { timeline, stopping, say } = run;
  const incident = timeline.begin(fault.name, fault.target, fault.effect);
  say(`${fault.name}, for ${(lasting / 1000).toFixed(1)} s`);
  await fault.begin();
  incident.held = Date.now();
  await quiet(lasting, stopping);
  incident.released = Date.now();
  await fault.end();
  incident.over = Date.now();
  say(`${fault.name}: undone`);
}
