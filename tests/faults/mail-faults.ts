import type { Fault, FaultTargets } from './fault.ts';
import type { MailServerMode } from './mail-sink.ts';

export function mailFaults(targets: FaultTargets): Fault[] {
  return [
    mailServerFault(targets, 'SMTP down', 'down', [4, 20]),
    mailServerFault(targets, 'SMTP says nothing', 'silent', [4, 12]),
    mailServerFault(targets, 'SMTP slow', 'slow', [8, 15]),
    mailServerFault(targets, 'SMTP refuses all for now', 'refuses all', [4, 15]),
    mailServerFault(targets, 'SMTP refuses some for good', 'refuses some', [6, 10]),
    mailServerFault(targets, 'SMTP cut after DATA', 'cuts', [4, 10]),
  ];
}

export const mailServerFault = (
  { mailSink }: FaultTargets,
  name: string,
  mode: MailServerMode,
  seconds: Fault['seconds'],
): Fault => ({
  name,
  target: 'SMTP',
  effect: 'failing',
  seconds,
  rounds: 1,
  begin: () => mailSink.setMode(mode),
  end: () => mailSink.setMode('healthy'),
});
