import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type { Installation } from '#tests/support/installation.ts';
import { gatehouseScript, type ManagedProcess } from '#tests/support/managed-process.ts';
import type { FaultTargets } from './fault.ts';
import { prepareFormerRelease } from './former-release.ts';
import { runAndJudge, startSaying } from './judge.ts';
import { openInstallation, runSuite } from './run.ts';
import { formerSteps } from './steps.ts';
import type { Timeline } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/**
 * `npm run upgrade-rehearsal`: upgrades an installation of the newest release to this source code
 * under load, as docs/operate/upgrade.md says, and counts what users notice.
 */
const say = startSaying();
/** Milliseconds of load between two steps. */
const STEP = 25_000;
/** Accounts besides those of the load. */
const OTHERS = 300_000;

const former = await prepareFormerRelease();
say(`upgrade from ${former.version}`);
await runAndJudge({
  name: 'upgrade',
  open: (mailSink) => openInstallation(mailSink, former),
  async run(installation, mailSink) {
    const evidence = await runSuite(installation, mailSink, {
      say,
      steps: formerSteps,
      disturb: (targets, timeline) => upgrade(installation, targets, timeline),
    });
    return [evidence, await verifyAuditLog(installation)];
  },
});

async function upgrade(installation: Installation, targets: FaultTargets, timeline: Timeline) {
  const { servers, workers, administrator } = targets;
  // So many that building an index takes seconds.
  await administrator.sql(
    `insert into accounts (id, email, password_hash, role, created_at, email_verified_at)
     select gen_random_uuid(), 'other-' || n || '@example.com', md5(n::text), 'USER', now(), now()
     from generate_series(1, ?::int) n`,
    [OTHERS],
  );
  await pause(STEP);
  say('migrate, while the former release serves');
  await run(installation, 'migrate');
  await pause(STEP);
  // Workers first, one of each release at a time.
  for (const index of [0, 1]) {
    await replace(targets, timeline, workers[index], 'worker');
    await replace(targets, timeline, servers[index], 'server');
    await pause(STEP);
  }
}

async function replace(
  { processes }: FaultTargets,
  timeline: Timeline,
  instance: ManagedProcess | undefined,
  command: 'server' | 'worker',
): Promise<void> {
  if (!instance) return;
  say(`${instance.name} is replaced`);
  const incident = timeline.begin('upgrade', instance.name, 'draining');
  await processes.end(instance, 'SIGTERM');
  incident.held = Date.now();
  incident.released = Date.now();
  await processes.start(instance, {}, [gatehouseScript, command]);
  incident.over = Date.now();
}

function run({ variables, directory }: Installation, ...words: string[]) {
  const options = { cwd: directory, env: { ...variables }, extendEnv: false } as const;
  return execa(process.execPath, [gatehouseScript, ...words], options);
}

async function verifyAuditLog(installation: Installation): Promise<Verdict> {
  const { stdout, failed } = await run(installation, 'audit', 'verify', '--json').catch(
    (error) => error,
  );
  const { rows } = JSON.parse(stdout);
  return {
    rule: 'the audit log is as it was sealed',
    seen: rows.verified,
    breaches: failed ? [stdout] : [],
    apart: `${rows.before} from before the chain, ${rows.waiting} waiting`,
  };
}
