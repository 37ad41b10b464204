import { type Entry, endOf } from '#tests/faults/ledger.ts';
import type { Verdict } from '#tests/faults/verdict.ts';
import { judgeAccounts } from '#tests/faults/verdicts/accounts.ts';
import { judgeAddresses } from '#tests/faults/verdicts/addresses.ts';
import { judgeAnswers } from '#tests/faults/verdicts/answers.ts';
import { judgeAudit } from '#tests/faults/verdicts/audit.ts';
import { judgeInstallation } from '#tests/faults/verdicts/installation.ts';
import { judgeMails } from '#tests/faults/verdicts/mails.ts';
import { judgeOutbox } from '#tests/faults/verdicts/outbox.ts';
import { judgeSessions } from '#tests/faults/verdicts/sessions.ts';
import { judgeStreams } from '#tests/faults/verdicts/streams.ts';
import { judgeTokens } from '#tests/faults/verdicts/tokens.ts';
import { MOST_EXCEEDED } from './guessers.ts';
import type { Outcome } from './run-event.ts';

/** One row of the table. */
export interface Row {
  readonly event: string;
  /** Cells, by the titles of the columns. */
  readonly cells: Readonly<Record<string, string>>;
  /** One line for each thing that must not be. */
  readonly breaches: readonly string[];
}

/** Judges an event by the rules of the fault suite. */
export async function judgeEvent({ event, evidence, served, exceeded }: Outcome): Promise<Row> {
  const { ledger, timeline } = evidence;
  const [codes, tokens] = judgeTokens(evidence);
  const columns = {
    'writes lost': [
      ...(await judgeAccounts(evidence)),
      ...judgeAddresses(evidence),
      ...judgeSessions(evidence),
    ],
    'audit rows, mails lost or doubled': [
      ...judgeAudit(evidence),
      ...judgeOutbox(evidence),
      ...judgeMails(evidence),
    ],
    'codes accepted twice': codes ? [codes] : [],
    'sessions revived': tokens ? [tokens] : [],
    'other rules broken': [
      ...judgeAnswers(evidence),
      ...judgeStreams(evidence),
      ...judgeInstallation(evidence),
    ],
  };
  const seconds = served === undefined ? undefined : served / 1000;
  const most = event.losesCounters ? MOST_EXCEEDED : 0;
  const [incident] = timeline.incidents;
  const during = ledger.entries.filter(
    (entry) => incident && endOf(entry) >= incident.begun && entry.at <= incident.over,
  );
  const isLate = seconds === undefined || seconds > event.within;
  return {
    event: event.name,
    cells: {
      'full service after': seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`,
      requests: String(during.length),
      errors: errorsOf(during),
      ...Object.fromEntries(
        Object.entries(columns).map(([title, verdicts]) => [title, String(count(verdicts))]),
      ),
      'guesses over the limit': String(exceeded),
    },
    breaches: [
      ...(isLate ? [`full service was not back within ${event.within} s`] : []),
      ...(exceeded > most ? [`an address got ${exceeded} guesses over its limit`] : []),
      ...Object.values(columns)
        .flat()
        .flatMap(({ rule, breaches }) => breaches.map((breach) => `${rule}: ${breach}`)),
    ],
  };
}

const count = (verdicts: readonly Verdict[]): number =>
  verdicts.reduce((sum, { breaches }) => sum + breaches.length, 0);

/** Counts requests without a result, by what their clients saw. */
function errorsOf(entries: readonly Entry[]): string {
  const lost = entries.filter(({ outcome }) => outcome === 'unknown' || outcome === 'unsent');
  const kinds = Map.groupBy(lost, ({ code = '?' }) => code);
  return [...kinds].map(([code, { length }]) => `${length} ${code}`).join(', ') || '0';
}
