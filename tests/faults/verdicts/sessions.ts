import { createHash } from 'node:crypto';
import { claimsOf, type Device, type SimulatedUser } from '../simulated-user.ts';
import type { SessionRow } from '../state.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Checks that ended sessions stay ended, and that a rotation leaves exactly the child valid. */
export function judgeSessions({ ledger, state }: Evidence): Verdict[] {
  const devices = ledger.users.flatMap((user) => user.devices.map((device) => ({ user, device })));
  const judged = devices.map(({ user, device }) => ({
    device,
    breaches: breachesOf(user, device, state.sessions.get(device.id)),
  }));
  const verdict = (rule: string, of: Device['state']): Verdict => {
    const concerned = judged.filter(({ device }) => device.state === of);
    return {
      rule,
      seen: concerned.length,
      breaches: concerned.flatMap(({ breaches }) => breaches),
    };
  };
  return [
    verdict('an acknowledged logout or revocation ended the session', 'ended'),
    verdict('after an acknowledged rotation only the child is valid', 'live'),
  ];
}

function breachesOf(
  { email }: SimulatedUser,
  device: Device,
  row: SessionRow | undefined,
): string[] {
  const what = `session ${device.id} of ${email}`;
  if (!row) return [`${what} is not there`];
  if (device.state === 'ended') return row.ended ? [] : [`${what} is active, but was ended`];
  if (device.state === 'unsure') return [];
  const [newest, parent] = device.chain.slice(-2).reverse();
  const breaches: string[] = [];
  if (row.ended) breaches.push(`${what} has ended, and nobody ended it`);
  if (newest && row.live !== hashOf(newest)) {
    breaches.push(`${what}: its live token is not the newest acknowledged one`);
  }
  if (parent && row.parent !== hashOf(parent)) {
    breaches.push(`${what}: the parent of its live token is not the one that was presented`);
  }
  return breaches;
}

/** As sessions keep it: the token itself is not stored. */
const hashOf = (token: string): string =>
  createHash('sha256').update(claimsOf(token).jti).digest('base64url');
