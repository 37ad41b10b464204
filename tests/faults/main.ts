import { parseArgs } from 'node:util';
import { faultSchedules } from './fault-schedules.ts';
import { runAndJudge, startSaying } from './judge.ts';
import { openInstallation, runSuite } from './run.ts';
import { runSchedules } from './run-schedules.ts';

/** `npm run faults -- [--minutes=N] [--seed=N]`: kills anything at any moment, and counts. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const say = startSaying();

process.stdout.write(
  `Faults for ${minutes} minutes; the same again: npm run faults -- --minutes=${minutes} --seed=${seed}\n`,
);
await runAndJudge({
  name: `faults/${seed}`,
  open: openInstallation,
  run: async (installation, mailSink) => [
    await runSuite(installation, mailSink, {
      say,
      async disturb(targets, timeline) {
        const stopping = AbortSignal.timeout(minutes * 60_000);
        await runSchedules(faultSchedules(targets), { seed, timeline, stopping, say });
      },
    }),
  ],
});
