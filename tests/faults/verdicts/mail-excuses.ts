import type { ReceivedMail } from '../mail-sink.ts';
import type { Effect, Timeline } from '../timeline.ts';

/**
 * Milliseconds of health in which a mail that waits is sent: more than the lease of a worker that was
 * killed, or the longest pause of a code, and the sweep after it.
 */
const FAIR = 35_000;

/** Milliseconds after which a worker that stands still may have lost a mail: the rest of its lease. */
const PAST_LEASE = 20_000;

const nameOf = (worker: number) => `worker-${worker + 1}`;
const ends: readonly Effect[] = ['down', 'draining', 'shifted'];

/** Whether stores, mail server and a worker were all well for long enough at one time. */
export function hadChance(timeline: Timeline, from: number, to: number): boolean {
  const troubles = timeline
    .between(
      from,
      to,
      'down',
      'full',
      'failing',
      'empty',
      'disturbed',
      'frozen',
      'draining',
      'shifted',
    )
    .filter(({ target }) => !target.startsWith('server-'))
    .map(({ begun, over }) => ({ begun, over }))
    .sort((one, other) => one.begun - other.begun);
  let well = from;
  for (const { begun, over } of [...troubles, { begun: to, over: to }]) {
    if (begun - well >= FAIR) return true;
    well = Math.max(well, over);
  }
  return false;
}

/** Whether a worker stood still at some time between two moments, for so long at least. */
export const wasFrozen = (
  timeline: Timeline,
  worker: number,
  [from, to]: readonly [number, number],
  atLeast = 0,
): boolean =>
  timeline
    .between(from, to, 'frozen')
    .some(({ target, begun, over }) => target === nameOf(worker) && over - begun >= atLeast);

/**
 * Whether nobody could know that the first had arrived: its reply was lost, its worker was ended
 * before it could write that down, or one of the two stood still over the lease.
 */
export function isWindow(timeline: Timeline, first: ReceivedMail, second: ReceivedMail): boolean {
  if (!first.answered) return true;
  const ended = timeline
    .between(first.at, second.began, ...ends)
    .some(({ target, begun }) => target === nameOf(first.worker) && begun >= first.at - 1000);
  const frozen = [first, second].some(({ worker }) =>
    wasFrozen(timeline, worker, [first.at, second.began], PAST_LEASE),
  );
  return ended || frozen;
}
