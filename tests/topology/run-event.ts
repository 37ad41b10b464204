import { setTimeout as pause } from 'node:timers/promises';
import { createAdmin } from '#tests/faults/administration-steps.ts';
import type { SqlAccess } from '#tests/faults/administrator.ts';
import { askOnceMore } from '#tests/faults/last-requests.ts';
import { Ledger } from '#tests/faults/ledger.ts';
import { startLoad } from '#tests/faults/load.ts';
import type { MailSink } from '#tests/faults/mail-sink.ts';
import type { Processes } from '#tests/faults/processes.ts';
import { settle } from '#tests/faults/settle.ts';
import { settleAddresses } from '#tests/faults/settle-addresses.ts';
import type { World } from '#tests/faults/simulated-user.ts';
import { readState, type State } from '#tests/faults/state.ts';
import { CODE_LIFETIME } from '#tests/faults/suite-settings.ts';
import { Timeline } from '#tests/faults/timeline.ts';
import type { Evidence } from '#tests/faults/verdict.ts';
import type { TopologyEvent } from './event.ts';
import { Guessers } from './guessers.ts';
import { startProbes } from './probes.ts';

/** Milliseconds of load before the event, and until it is given up. */
const BEFORE = 7000;
const AT_MOST = 60_000;
/** Seconds that an event lasts at least. */
const LASTS = 8;
/** Milliseconds of load after the event. */
const AFTER = 2000;
/** Numbers of users that an event may use. */
const NUMBERS = 10_000;

interface Surroundings {
  /** URL of the balancer. */
  readonly url: string;
  readonly mailSink: MailSink;
  readonly administrator: SqlAccess;
  readonly processes: Processes;
  readonly people: number;
  readonly say: (line: string) => void;
}

/** Result of an event. */
export interface Outcome {
  readonly event: TopologyEvent;
  readonly evidence: Evidence;
  /** Milliseconds until full service; undefined if it did not come back. */
  readonly served: number | undefined;
  /** Guesses beyond the limit, of one address. */
  readonly exceeded: number;
}

/** Runs new users through an event, lets everything settle, asks once more, and gathers evidence. */
export async function runEvent(
  event: TopologyEvent,
  index: number,
  { url, mailSink, administrator, processes, people, say }: Surroundings,
): Promise<Outcome> {
  mailSink.forget();
  const former = await readState(administrator);
  const formerExits = processes.unexpectedExits.length;
  const ledger = new Ledger();
  const timeline = new Timeline();
  const server = { name: 'balancer', url };
  // Two entries, because users ask two servers at once.
  const world: World = { servers: [server, server], mailSink, ledger, codeLifetime: CODE_LIFETIME };
  const first = (index + 1) * NUMBERS;
  const began = Date.now();
  world.admin = await createAdmin(world, administrator);
  const load = startLoad(world, { people, first });
  await pause(BEFORE);
  const guessers = new Guessers(world, first + 8000);
  await guessers.before();

  say(event.name);
  const incidents = event.effects.map(([target, effect]) =>
    timeline.begin(event.name, target, effect),
  );
  const begun = Date.now();
  const probes = startProbes(world, first + 5000);
  await event.begin();
  const servedAt = await probes.untilServed((event.lasts ?? LASTS) * 1000, AT_MOST);
  await guessers.after();
  say(`full service ${servedAt ? `after ${(servedAt - begun) / 1000} s` : 'did not come back'}`);
  await event.end();
  await pause(AFTER);
  await probes.stop();
  for (const incident of incidents) incident.over = Date.now();
  await load.stop();
  const minutes = (Date.now() - began) / 60_000;

  await settle(administrator, say);
  settleAddresses(ledger, (await readState(administrator)).accounts);
  await askOnceMore(ledger.users);
  await settle(administrator, say);
  const state = newIn(await readState(administrator), former);
  const evidence = {
    ...{ ledger, timeline, mailSink, state, minutes, codeLifetime: CODE_LIFETIME },
    ...{ webhook: undefined, requestedExits: [], recoveries: [], logRates: [] },
    unexpectedExits: processes.unexpectedExits.slice(formerExits),
  };
  const served = servedAt && servedAt - begun;
  return { event, evidence, served, exceeded: guessers.exceeded };
}

/** Returns the rows that were written since. */
function newIn(state: State, former: State): State {
  const known = new Set([...former.events, ...former.outbox].map(({ id }) => id));
  return {
    ...state,
    events: state.events.filter(({ id }) => !known.has(id)),
    outbox: state.outbox.filter(({ id }) => !known.has(id)),
  };
}
