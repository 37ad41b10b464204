import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Installation } from '#tests/support/installation.ts';
import { MailSink } from './mail-sink.ts';
import { report } from './report.ts';
import type { Evidence, Verdict } from './verdict.ts';
import { judgeAccounts } from './verdicts/accounts.ts';
import { judgeAddresses } from './verdicts/addresses.ts';
import { judgeAnswers } from './verdicts/answers.ts';
import { judgeAudit } from './verdicts/audit.ts';
import { judgeFactors } from './verdicts/factors.ts';
import { judgeInstallation } from './verdicts/installation.ts';
import { judgeMails } from './verdicts/mails.ts';
import { judgeOutbox } from './verdicts/outbox.ts';
import { judgeSessions } from './verdicts/sessions.ts';
import { judgeStreams } from './verdicts/streams.ts';
import { judgeTokens } from './verdicts/tokens.ts';
import { judgeWebhooks } from './verdicts/webhooks.ts';

const print = (text: string) => void process.stdout.write(`${text}\n`);

/** Creates a function that prints a line with the seconds since now. */
export function startSaying(): (line: string) => void {
  const began = Date.now();
  return (line) => {
    const seconds = (Date.now() - began) / 1000;
    print(`${seconds.toFixed(1).padStart(7)}  ${line}`);
  };
}

interface RunOptions {
  /** Folder under `.data` for the logs of a run that fails. */
  readonly name: string;
  readonly open: (mailSink: MailSink) => Promise<Installation>;
  /** Gathers the evidence, and further verdicts. */
  readonly run: (
    installation: Installation,
    mailSink: MailSink,
  ) => Promise<readonly [Evidence, ...Verdict[]]>;
}

/** Opens an installation, runs a suite on it, prints a report, and sets the exit code. */
export async function runAndJudge({ name, open, run }: RunOptions): Promise<void> {
  const mailSink = new MailSink();
  const installation = await open(mailSink);
  try {
    const [evidence, ...more] = await run(installation, mailSink);
    const verdicts = [...(await judge(evidence)), ...more];
    const failed = verdicts.some(({ breaches }) => breaches.length > 0);
    const kept = failed ? keepLogs(name, installation, evidence) : undefined;
    print(report(evidence, verdicts, kept));
    process.exitCode = failed ? 1 : 0;
  } catch (error) {
    print(`${inspect(error)}\nThe logs are in ${keepLogs(name, installation)}`);
    process.exitCode = 1;
  } finally {
    mailSink.close();
    await installation.close();
  }
  // After an error the users are still at work.
  process.exit();
}

async function judge(evidence: Evidence): Promise<Verdict[]> {
  return [
    ...(await judgeAccounts(evidence)),
    ...judgeAddresses(evidence),
    ...judgeSessions(evidence),
    ...judgeTokens(evidence),
    ...judgeFactors(evidence),
    ...judgeStreams(evidence),
    ...judgeAudit(evidence),
    ...judgeOutbox(evidence),
    ...judgeMails(evidence),
    ...judgeWebhooks(evidence),
    ...judgeAnswers(evidence),
    ...judgeInstallation(evidence),
  ];
}

/** Copies what the processes have written to where it outlives them. */
function keepLogs(name: string, { directory }: Installation, evidence?: Evidence): string {
  const kept = resolve('.data', name);
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
