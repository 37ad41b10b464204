import type { Fault, Victims } from './fault.ts';
import type { Mood } from './mail-sink.ts';

export function mailFaults(victims: Victims): Fault[] {
  return [
    illness(victims, 'SMTP down', 'down', [4, 20]),
    illness(victims, 'SMTP says nothing', 'silent', [4, 12]),
    illness(victims, 'SMTP slow', 'slow', [8, 15]),
    illness(victims, 'SMTP refuses all for now', 'refuses all', [4, 15]),
    illness(victims, 'SMTP refuses some for good', 'refuses some', [6, 10]),
    illness(victims, 'SMTP cut after DATA', 'cuts', [4, 10]),
  ];
}

export const illness = (
  { sink }: Victims,
  name: string,
  mood: Mood,
  seconds: Fault['seconds'],
): Fault => ({
  name,
  target: 'SMTP',
  effect: 'ill',
  seconds,
  rounds: 1,
  begin: () => sink.turn(mood),
  end: () => sink.turn('well'),
});
