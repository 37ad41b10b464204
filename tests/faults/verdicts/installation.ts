import type { Evidence, Verdict } from '../verdict.ts';

/** Milliseconds. */
const READY_WITHIN = 10_000;
const DRAINED_WITHIN = 10_000;
/** Bytes per minute, without the line of each request. */
const MOST_LOGGED = 500_000;
/** Acknowledged operations a minute. */
const LEAST_LOAD = 100;

/** The processes come and go as they are told, and need nobody. */
export function judgeInstallation(evidence: Evidence): Verdict[] {
  const { unexpectedExits, requestedExits, recoveries, logRates, ledger, timeline } = evidence;
  const acknowledged = ledger.entries.filter(({ outcome }) => outcome === 'acknowledged').length;
  const slow = requestedExits.filter(({ took, how }) => took > DRAINED_WITHIN || how !== 'code 0');
  const late = recoveries.filter(({ took }) => took > READY_WITHIN);
  const loud = logRates.filter(({ rate }) => rate > MOST_LOGGED);
  const least = LEAST_LOAD * evidence.minutes;
  return [
    {
      rule: 'no process ends by itself',
      seen: timeline.incidents.length,
      breaches: unexpectedExits.map(
        ({ name, at, how }) => `${name}: ${how} at ${new Date(at).toISOString()}`,
      ),
    },
    {
      rule: 'SIGTERM ends a process within 10 s with code 0',
      seen: requestedExits.length,
      breaches: slow.map(({ name, took, how }) => `${name}: ${how} after ${took} ms`),
    },
    {
      rule: 'every server is ready within 10 s of the last fault',
      seen: recoveries.length,
      breaches: late.map(({ server, took }) => `${server} after ${took} ms`),
      apart: recoveries.map(({ server, took }) => `${server} ${took} ms`).join(', '),
    },
    {
      rule: 'no log grows without bound',
      seen: logRates.length,
      breaches: loud.map(({ name, rate }) => `${name}: ${Math.round(rate)} bytes a minute`),
    },
    {
      rule: 'users are served throughout',
      seen: acknowledged,
      breaches: acknowledged < least ? [`fewer than ${least} operations were acknowledged`] : [],
    },
  ];
}
