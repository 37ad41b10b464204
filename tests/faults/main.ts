import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Installation } from '#tests/support/installation.ts';
import { MailSink } from './mail-sink.ts';
import { report } from './report.ts';
import { openInstallation, runSuite } from './run.ts';
import type { Evidence, Verdict } from './verdict.ts';
import { judgeAccounts } from './verdicts/accounts.ts';
import { judgeAnswers } from './verdicts/answers.ts';
import { judgeAudit } from './verdicts/audit.ts';
import { judgeInstallation } from './verdicts/installation.ts';
import { judgeMails } from './verdicts/mails.ts';
import { judgeOutbox } from './verdicts/outbox.ts';
import { judgeSessions } from './verdicts/sessions.ts';
import { judgeTokens } from './verdicts/tokens.ts';

/** `npm run faults -- [--minutes=N] [--seed=N]`: kills anything at any moment, and counts. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));

const began = Date.now();
const print = (text: string) => void process.stdout.write(`${text}\n`);
const say = (line: string) => {
  const seconds = (Date.now() - began) / 1000;
  print(`${seconds.toFixed(1).padStart(7)}  ${line}`);
};

print(
  `Faults for ${minutes} minutes; the same again: npm run faults -- --minutes=${minutes} --seed=${seed}`,
);
const mailSink = new MailSink();
const installation = await openInstallation(mailSink);
try {
  const evidence = await runSuite(installation, mailSink, { minutes, seed, say });
  const verdicts = await judge(evidence);
  const failed = verdicts.some(({ breaches }) => breaches.length > 0);
  const kept = failed ? keepLogs(installation, evidence) : undefined;
  print(report(evidence, verdicts, kept));
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  print(`The logs are in ${keepLogs(installation)}`);
  throw error;
} finally {
  mailSink.close();
  await installation.close();
}

async function judge(evidence: Evidence): Promise<Verdict[]> {
  return [
    ...(await judgeAccounts(evidence)),
    ...judgeSessions(evidence),
    ...judgeTokens(evidence),
    ...judgeAudit(evidence),
    ...judgeOutbox(evidence),
    ...judgeMails(evidence),
    ...judgeAnswers(evidence),
    ...judgeInstallation(evidence, minutes),
  ];
}

/** Copies what the processes have written to where it outlives them. */
function keepLogs({ directory }: Installation, evidence?: Evidence): string {
  const kept = resolve('.data/faults', String(seed));
  mkdirSync(kept, { recursive: true });
  cpSync(join(directory, 'log'), kept, { recursive: true });
  if (evidence) {
    const { ledger, timeline } = evidence;
    writeFileSync(join(kept, 'entries.json'), JSON.stringify(ledger.entries, null, 1));
    writeFileSync(join(kept, 'incidents.json'), JSON.stringify(timeline.incidents, null, 1));
    writeFileSync(join(kept, 'mails.json'), JSON.stringify(evidence.mailSink.received, null, 1));
  }
  return kept;
}
