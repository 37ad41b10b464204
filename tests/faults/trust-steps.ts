import { askForCode, mailFor, mayAsk, redeemIn } from './code-steps.ts';
import { isQuiet } from './own-account-steps.ts';
import { anyOf } from './password-steps.ts';
import { type SimulatedUser, through } from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Removes all trusted devices: that of the browser, and those whose cookies were lost with an answer. */
async function removeDevices(user: SimulatedUser): Promise<void> {
  const { trust, world } = user;
  const request = through(anyOf(user.live));
  const listed = await user.do('trustedDevices', request);
  if (!trust || listed.outcome !== 'acknowledged') return;
  const devices = Object.values(listed.data) as { readonly id: string }[];
  if (trust.state === 'live' && devices.length === 0) {
    world.ledger.surprise(user.email, 'a trusted device is not listed');
  }
  for (const { id } of devices) {
    const { outcome } = await user.do('removeDevice', { input: { id }, ...request });
    if (outcome === 'acknowledged') continue;
    if (trust.state === 'live') trust.state = 'unsure';
    return;
  }
  trust.state = 'ended';
}

/** Trusted devices: their removal. Sign-ins give and use the trust. */
export const trustSteps: readonly Step[] = [
  {
    weight: 6,
    when: (user) => user.trust?.state === 'live' && user.live.length > 0 && isQuiet(user),
    take: removeDevices,
  },
];

/** After everything has settled: the browser of a user is trusted, or no more. */
export async function tryTrust(user: SimulatedUser, newClient: () => string): Promise<void> {
  const { trust, factor } = user;
  if (!trust || trust.state === 'unsure' || !factor || !user.isFactorSure || user.deleted) return;
  if (!mayAsk(user, 'SIGN_IN')) return;
  user.from = newClient();
  user.wrongCodes = 0;
  await askForCode(user, 'requestOtp', 'SIGN_IN');
  const pending = user.pending.get('SIGN_IN');
  const mail = pending && (await mailFor(user, pending));
  if (!pending || !mail?.code) return;
  user.pending.delete('SIGN_IN');
  await redeemIn(trust, user, pending, mail.code);
}
