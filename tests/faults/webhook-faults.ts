import { setTimeout as pause } from 'node:timers/promises';
import type { Administrator } from './administrator.ts';
import type { Fault, FaultTargets } from './fault.ts';
import type { ReceiverMode } from './webhook-sink.ts';

export function webhookFaults({ webhookSink, administrator }: FaultTargets): Fault[] {
  const fault = (name: string, mode: ReceiverMode, seconds: Fault['seconds']): Fault => ({
    name,
    target: 'receiver',
    effect: 'unreachable',
    seconds,
    rounds: 1,
    begin: () => webhookSink.setMode(mode),
    end: () => webhookSink.setMode('healthy'),
  });
  const failing = fault('receiver answers 500, and three days are over', 'failing', [4, 8]);
  return [
    fault('receiver down', 'down', [4, 12]),
    // An attempt ends after 10 s.
    fault('receiver says nothing', 'silent', [4, 13]),
    fault('receiver cuts connections', 'cutting', [4, 8]),
    fault('receiver redirects to a private address', 'redirecting', [4, 8]),
    {
      ...failing,
      async end() {
        // PostgreSQL may be away.
        await endRetries(administrator).catch(() => undefined);
        await failing.end();
      },
    },
  ];
}

/** Makes a few failed deliveries dead letters, with their next attempt. */
async function endRetries(administrator: Administrator): Promise<void> {
  await administrator.sql(
    `update webhook_deliveries set due_at = now(), retry_until = now()
     where id in (
       select id from webhook_deliveries where status = 'PENDING' and last_error is not null limit 5
     )`,
  );
  // Workers look once a second.
  await pause(2500);
}
