import type { Entry, Ledger } from './ledger.ts';
import type { AddressChange, SimulatedUser, Undo } from './simulated-user.ts';
import type { State } from './state.ts';

/** Reads the address of each account where answers were lost, and so what the requests did. */
export function settleAddresses({ users }: Ledger, accounts: State['accounts']): void {
  const emails = new Map([...accounts.values()].map(({ id, email }) => [id, email]));
  for (const user of users) settleUser(user, emails.get(user.id ?? ''));
}

function settleUser(user: SimulatedUser, email: string | undefined): void {
  for (const change of user.changes) {
    if (change.changed === 'unsure') settleChange(user, change, email === change.to);
  }
  for (const undo of user.undos) {
    // The undo of a mere request leaves the address.
    if (undo.happened !== undefined || undo.from === undo.to) continue;
    undo.happened = email === undo.to;
    if (undo.happened) settleUndo(user, undo, true);
    else settle(undo.lost, false);
  }
}

function settleChange(user: SimulatedUser, change: AddressChange, happened: boolean): void {
  const { lost = [], to } = change;
  change.changed = happened ? lost[0]?.at : undefined;
  settle(lost, happened);
  if (happened) user.email = to;
}

/** Notes what a successful undo did. @param byLost whether a request without an answer did it */
export function settleUndo(user: SimulatedUser, { to, lost }: Undo, byLost: boolean): void {
  settle(lost, byLost);
  user.email = to;
  user.password.value = undefined;
  user.password.doubted.length = 0;
  for (const device of user.devices) device.state = 'ended';
}

/** At most one of several requests with the same secret succeeds. */
function settle([first, ...others]: readonly Entry[], happened: boolean): void {
  if (first) first.effect = happened ? 'done' : 'failed';
  for (const entry of others) entry.effect = 'failed';
}
