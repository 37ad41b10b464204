import { once } from 'node:events';
import { expect, it } from 'vitest';
import { runDueJobs } from '#worker/run-due-jobs.ts';
import type { ScheduledJob } from '#worker/scheduled-jobs.ts';
import { useApp } from '../support/app.ts';
import { faultLasts } from '../support/fault-duration.ts';
import { goingOn, openWorker } from './open-worker.ts';

const app = useApp();

interface Work extends ScheduledJob {
  /** How often it was begun. */
  runs: number;
  run: ScheduledJob['run'];
}

let works = 0;
/** Work under a name of its own, so that no other worker of the application does it. */
function work(run: ScheduledJob['run'] = () => faultLasts(20), lease = 60): Work {
  const made: Work = {
    name: `test-${++works}`,
    every: 3600,
    lease,
    runs: 0,
    run(...given) {
      made.runs += 1;
      return run(...given);
    },
  };
  return made;
}

const rowOf = async ({ name }: Work) => {
  const [row] = await app.sql<{ due: boolean; leased: boolean; leased_until: string | null }>(
    `select due_at <= now() as due, leased_until > now() as leased, leased_until
     from scheduled_work where name = ?`,
    [name],
  );
  return row;
};
const untilDue = ({ name }: Work) =>
  app.sql('update scheduled_work set due_at = now() where name = ?', [name]);
const untilLeaseIsOver = ({ name }: Work) =>
  app.sql('update scheduled_work set leased_until = now() where name = ?', [name]);

it('runs a job on one of several workers, and again when it is due', async () => {
  const workers = await Promise.all([openWorker(app), openWorker(app)]);
  const each = work();
  const looks = () =>
    Promise.all([...workers, ...workers].map((worker) => runDueJobs(worker, [each], goingOn)));

  await looks();
  expect(each.runs).toBe(1);
  await looks();
  expect(each.runs).toBe(1);
  await untilDue(each);
  await looks();
  expect(each.runs).toBe(2);
});

it('moves a job to another worker when its lease expires, and ignores the result of the slow worker', async () => {
  const worker = await openWorker(app);
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow: Work = work(() => gates[slow.runs - 1]?.promise ?? Promise.resolve());
  const begun = (runs: number) => app.eventually(() => slow.runs === runs);

  const first = runDueJobs(worker, [slow], goingOn);
  await begun(1);
  await untilLeaseIsOver(slow);
  const second = runDueJobs(worker, [slow], goingOn);
  await begun(2);
  const leased = await rowOf(slow);
  gates[0]?.resolve();
  await first;

  expect(await rowOf(slow)).toEqual(leased);
  await runDueJobs(worker, [slow], goingOn);
  expect(slow.runs).toBe(2);
  gates[1]?.resolve();
  await second;
  expect(await rowOf(slow)).toEqual({ due: false, leased: null, leased_until: null });
});

it('creates a job of a new release while workers of the previous release run', async () => {
  const worker = await openWorker(app);
  const [old, added] = [work(), work()];
  await runDueJobs(worker, [old], goingOn);
  await Promise.all([
    runDueJobs(worker, [old], goingOn),
    runDueJobs(worker, [old, added], goingOn),
  ]);
  await untilDue(added);
  await runDueJobs(worker, [old], goingOn);

  expect([old.runs, added.runs]).toEqual([1, 1]);
});

it('retries a failed job after its lease, without delaying other jobs', async () => {
  const worker = await openWorker(app);
  const failing = work(() => Promise.reject(new Error('of ada@example.com')));
  const other = work();
  const check = () => runDueJobs(worker, [failing, other], goingOn);
  await check();
  await check();
  expect([failing.runs, other.runs]).toEqual([1, 1]);
  await untilLeaseIsOver(failing);
  await check();
  expect([failing.runs, other.runs]).toEqual([2, 1]);

  const line = app.logLines.find((text) => text.includes(failing.name));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ item: failing.name, error: 'Error' });
  expect(line).not.toContain('ada@example.com');
});

it.each([
  ['the worker is told to stop', 60, true],
  ['its lease is nearly over', 0.2, false],
])(
  'stops a job between two steps when %s, and makes it due again at once',
  async (_when, lease, told) => {
    const worker = await openWorker(app);
    const stopping = new AbortController();
    const long = work(async (_worker, signal) => {
      if (told) stopping.abort();
      if (!signal.aborted) await once(signal, 'abort');
    }, lease);
    const next = work();
    await runDueJobs(worker, [long, next], stopping.signal);

    expect(await rowOf(long)).toEqual({ due: true, leased: null, leased_until: null });
    expect(next.runs).toBe(told ? 0 : 1);
  },
);
