import type { Evidence, Verdict } from '../verdict.ts';

/** Judges whether devices that listen learn of the end of their session, over any number of streams. */
export function judgeStreams({ ledger: { ends } }: Evidence): Verdict[] {
  const unseen = ends.filter(({ streams }) => streams === undefined);
  const again = ends.filter(({ streams = 0 }) => streams > 1);
  const slowest = Math.max(0, ...ends.map(({ took }) => took));
  return [
    {
      rule: 'a device that listens learns of the end of its session',
      seen: ends.length,
      breaches: unseen.map(
        ({ email, at, took }) => `${new Date(at).toISOString()} ${email}: not in ${took} ms`,
      ),
      apart: `${again.length} over several streams, the slowest after ${slowest} ms`,
    },
  ];
}
