import { randomInt } from 'node:crypto';
import type { Answer } from './ask.ts';
import { mailFor } from './code-steps.ts';
import { stepUpByFactor } from './factor-proofs.ts';
import { anyOf } from './password-steps.ts';
import { allSure, tryEnded } from './session-steps.ts';
import {
  type AddressChange,
  challengeName,
  claimsOf,
  type Device,
  type SimulatedUser,
  through,
} from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Exports of a user that are surely within the limit. */
const MOST_EXPORTS = 2;
const exported = new WeakMap<SimulatedUser, number>();

/** Confirms the identity in a session, with the factor, or else the password or a code. @returns whether it is sure */
export async function stepUp(user: SimulatedUser, device: Device): Promise<boolean> {
  const { password, factor } = user;
  if (factor) return stepUpByFactor(user, factor, device);
  const isKnown = password.isSure && password.value !== undefined;
  if (isKnown && randomInt(2) === 0) {
    const input = { password: password.value };
    const { outcome } = await user.do('stepUp', { input, ...through(device) });
    if (outcome === 'acknowledged') user.wrongPasswords = 0;
    return outcome === 'acknowledged';
  }
  return stepUpByCode(user, device);
}

async function stepUpByCode(user: SimulatedUser, device: Device): Promise<boolean> {
  if (user.stray.has('CONFIRM')) return false;
  const since = Date.now();
  const asked = await user.do('requestStepUp', through(device));
  if (asked.outcome === 'unknown') user.stray.add('CONFIRM');
  if (asked.outcome !== 'acknowledged') return false;
  const challengeId = String(asked.data.challengeId);
  const pending = { purpose: 'CONFIRM', to: user.email, challengeId, since } as const;
  const mail = await mailFor(user, { ...pending, gone: 0, byPassword: false });
  // A later mail would be taken for that of another challenge.
  if (!mail?.code) user.stray.add('CONFIRM');
  if (!mail?.code) return false;
  const { bearer, told } = through(device);
  const { outcome } = await user.do('stepUpByCode', {
    input: { otp: mail.code, challengeId },
    bearer,
    told: { ...told, challenge: challengeName(challengeId), since },
  });
  return outcome === 'acknowledged';
}

async function exportData(user: SimulatedUser): Promise<void> {
  exported.set(user, (exported.get(user) ?? 0) + 1);
  const device = anyOf(user.live);
  if (await stepUp(user, device)) await user.do('exportMyData', through(device));
}

async function deleteMyAccount(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  if (!(await stepUp(user, device))) return;
  await leave(user, await user.do('deleteMyAccount', through(device)), device);
}

/** Notes that an account was deleted, or may have been, and checks that its sessions are refused. */
export async function leave(
  user: SimulatedUser,
  { outcome }: Answer,
  device: Device,
): Promise<void> {
  if (outcome !== 'acknowledged' && outcome !== 'unknown') return;
  const isSure = outcome === 'acknowledged';
  user.deleted = { id: claimsOf(device.access).sub, isSure };
  user.exists = false;
  user.over = true;
  if (isSure) await tryEnded(user, device);
  // No row of a session tells its state any more.
  for (const each of user.devices) each.state = 'unsure';
}

/** Whether a change can still be undone. */
export const isOpen = ({ changed, ended }: AddressChange): boolean =>
  changed !== undefined && ended === undefined;

/** Whether no mail is on its way, and nothing is unknown. */
export const isQuiet = (user: SimulatedUser): boolean =>
  user.pending.size + user.stray.size === 0 && allSure(user) && user.password.isSure;

/** Steps of users with their own account. */
export const ownAccountSteps: readonly Step[] = [
  {
    weight: 1,
    when: (user) => user.live.length > 0 && (exported.get(user) ?? 0) < MOST_EXPORTS,
    take: exportData,
  },
  {
    weight: 0.2,
    // After a change of the address, only an administrator can delete the account.
    when: (user) => user.live.length > 0 && isQuiet(user) && !user.changes.some(isOpen),
    take: deleteMyAccount,
  },
];
