import { parseArgs } from 'node:util';
import { freePort } from '#dev/free-port.ts';
import { findChecks } from '#tests/conformance/run-checks.ts';
import { startSaying } from '#tests/faults/judge.ts';
import { MailSink } from '#tests/faults/mail-sink.ts';
import { suiteSettings } from '#tests/faults/suite-settings.ts';
import { checkConformance } from './conformance.ts';
import { requirePackages } from './debian-packages.ts';
import { runEvents } from './run-events.ts';
import { report } from './table.ts';
import { useTopology } from './use-topology.ts';

/**
 * `npm run topology -- [conformance] [--redis=cluster|sentinel] [--only=REGEXP] [--people=N]`: runs
 * Gatehouse over several processes of everything. Disturbs each part under load and counts, or runs
 * the checks of `npm run conformance` through the balancer.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    redis: { type: 'string', default: 'cluster' },
    only: { type: 'string', default: '' },
    people: { type: 'string', default: '20' },
  },
});
const redis = values.redis === 'sentinel' ? 'sentinel' : 'cluster';
const say = startSaying();

await requirePackages();
if (positionals.includes('conformance')) {
  if (findChecks()) await runConformance();
} else await disturb();
// After an error the users are still at work.
process.exit();

async function disturb(): Promise<void> {
  const mailSink = new MailSink();
  await mailSink.open(2);
  const smtpUrls = [0, 1].map((worker) => mailSink.urlFor(worker));
  const variables = { ...suiteSettings, WEB_CONCURRENCY: '1' };
  await useTopology({ redis, smtpUrls, variables, say }, async (topology) => {
    const options = { only: new RegExp(values.only), people: Number(values.people), say };
    const rows = await runEvents(topology, mailSink, options);
    process.stdout.write(report(rows));
    process.exitCode = rows.some(({ breaches }) => breaches.length > 0) ? 1 : 0;
  });
}

async function runConformance(): Promise<void> {
  const smtpPort = await freePort();
  const smtpUrls = [0, 1].map(() => `smtp://127.0.0.1:${smtpPort}`);
  const variables = { LOG_LEVEL: 'trace', WEB_CONCURRENCY: '1' };
  await useTopology({ redis, smtpUrls, variables, say }, (topology) =>
    checkConformance(topology, smtpPort),
  );
}
