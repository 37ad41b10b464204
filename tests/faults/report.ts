import type { Evidence, Verdict } from './verdict.ts';

/** Breaches of one rule that are shown; the logs have the others. */
const SHOWN = 10;

/** A line for each rule with its breaches below, and what the run consisted of. */
export function report(evidence: Evidence, verdicts: readonly Verdict[], logs?: string): string {
  const failed = verdicts.filter(({ breaches }) => breaches.length > 0);
  return [
    '',
    summary(evidence),
    '',
    ...verdicts.flatMap(linesOf),
    ...(logs ? ['', `Logs, entries and incidents: ${logs}`] : []),
    '',
    `${verdicts.length - failed.length} passed, ${failed.length} failed`,
  ].join('\n');
}

function linesOf({ rule, seen, breaches, apart }: Verdict): string[] {
  const mark = breaches.length === 0 ? 'ok    ' : 'FAILED';
  const counts = `${String(seen).padStart(6)} seen, ${breaches.length} against it`;
  const shown = breaches.slice(0, SHOWN).map((line) => `         ${line}`);
  const more = breaches.length - shown.length;
  return [
    `${mark} ${rule.padEnd(62)} ${counts}${apart ? `; ${apart}` : ''}`,
    ...shown,
    ...(more > 0 ? [`         and ${more} more`] : []),
  ];
}

function summary({ ledger, timeline, mailSink }: Evidence): string {
  const count = <T>(all: readonly T[], key: (one: T) => string) =>
    [...Map.groupBy(all, key)]
      .map(([name, { length }]) => `${length} ${name}`)
      .sort((one, other) => Number.parseInt(other, 10) - Number.parseInt(one, 10))
      .join(', ');
  return [
    `${ledger.entries.length} requests: ${count(ledger.entries, ({ outcome }) => outcome)}`,
    `acknowledged: ${count(
      ledger.entries.filter(({ outcome }) => outcome === 'acknowledged'),
      ({ action }) => action,
    )}`,
    `${mailSink.received.length} mails; ${timeline.incidents.length} faults: ${count(timeline.incidents, ({ fault }) => fault)}`,
  ].join('\n');
}
