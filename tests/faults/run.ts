import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Installation,
  type Release,
  type Server,
  startInstallation,
} from '#tests/support/installation.ts';
import { request } from '#tests/support/request.ts';
import { createAdmin } from './administration-steps.ts';
import { Administrator } from './administrator.ts';
import type { FaultTargets } from './fault.ts';
import { askOnceMore } from './last-requests.ts';
import { Ledger } from './ledger.ts';
import { type LoadOptions, startLoad } from './load.ts';
import type { MailSink } from './mail-sink.ts';
import { Processes } from './processes.ts';
import { settle } from './settle.ts';
import { settleAddresses } from './settle-addresses.ts';
import type { World } from './simulated-user.ts';
import { readState } from './state.ts';
import { CODE_LIFETIME, suiteSettings } from './suite-settings.ts';
import { Timeline } from './timeline.ts';
import type { Evidence } from './verdict.ts';
import { createWebhook, listDeliveries, redeliverAll, type Webhook } from './webhook.ts';
import { WebhookSink } from './webhook-sink.ts';

const MINUTE = 60_000;

interface SuiteOptions extends LoadOptions {
  readonly say: (line: string) => void;
  /** Does what the users must not notice, and undoes it. */
  readonly disturb: (targets: FaultTargets, timeline: Timeline) => Promise<void>;
}

/** A sink and an installation that sends through it, each worker on a port of its own. */
export async function openInstallation(
  mailSink: MailSink,
  release?: Release,
): Promise<Installation> {
  await mailSink.open(2);
  const smtpUrl = mailSink.urlFor(0);
  const options = { servers: 2, workers: 2, smtpUrl, variables: suiteSettings, release };
  const installation = await startInstallation(options);
  for (const [index, worker] of installation.workers.entries()) {
    if (index === 0) continue;
    worker.kill('SIGTERM');
    await worker.ended;
    worker.start({ SMTP_URL: mailSink.urlFor(index) });
    await worker.ready();
  }
  return installation;
}

/** Runs load and disturbance, lets everything settle, asks once more, and gathers what came of it. */
export async function runSuite(
  installation: Installation,
  mailSink: MailSink,
  { say, disturb, ...loadOptions }: SuiteOptions,
): Promise<Evidence> {
  const { servers, workers, stores, logFiles } = installation;
  const administrator = await Administrator.of(stores);
  const processes = new Processes();
  for (const instance of [...servers, ...workers]) processes.watch(instance);
  const ledger = new Ledger();
  const timeline = new Timeline();
  const isFormer = loadOptions.steps !== undefined;
  const world: World = { servers, mailSink, ledger, codeLifetime: CODE_LIFETIME, isFormer };
  const webhookSink = new WebhookSink();
  await webhookSink.open();
  let webhook: Webhook | undefined;
  if (!isFormer) {
    world.admin = await createAdmin(world, administrator);
    await settle(administrator, say);
    webhook = await createWebhook(world, administrator, webhookSink);
  }
  const load = startLoad(world, loadOptions);
  const began = Date.now();
  const targets = { servers, workers, processes, administrator, mailSink, webhookSink };
  await disturb(targets, timeline);
  const minutes = (Date.now() - began) / MINUTE;
  const recoveries = await Promise.all(servers.map(recovery));
  say('every server is ready');
  await load.stop();
  await settle(administrator, say);
  settleAddresses(ledger, (await readState(administrator)).accounts);
  say('once more, every code and every token');
  await askOnceMore(ledger.users);
  const deadLetters = webhook ? await redeliverAll(world, webhook) : [];
  await settle(administrator, say);
  const deliveries = webhook ? await listDeliveries(world, webhook) : [];
  const state = await readState(administrator);
  webhookSink.close();
  await administrator.close();
  processes.close();
  const logRates = logFiles.map((name) => ({ name, rate: ownBytes(name) / minutes }));
  const { unexpectedExits, requestedExits } = processes;
  const gathered = {
    ledger,
    timeline,
    mailSink,
    webhook: webhook && { ...webhook, deliveries, deadLetters },
    state,
    unexpectedExits,
    requestedExits,
    recoveries,
    logRates,
    minutes,
  };
  return { ...gathered, codeLifetime: CODE_LIFETIME };
}

/** Bytes of a log, without the line of each request. */
function ownBytes(logFile: string): number {
  const lines = readFileSync(logFile, 'utf8').split('\n');
  return lines.filter((line) => !line.includes('"msg":"request"')).join('\n').length;
}

async function recovery({ name, url }: Server): Promise<{ server: string; took: number }> {
  const began = Date.now();
  while (Date.now() - began < MINUTE) {
    const ready = await request(`${url}/readyz`).catch(() => undefined);
    if (ready?.status === 200) break;
    await pause(100);
  }
  return { server: name, took: Date.now() - began };
}
