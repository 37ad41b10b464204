import pLimit from 'p-limit';
import { tryFactor } from './factor-steps.ts';
import { hasGrandparent, refresh } from './session-steps.ts';
import { challengeName, type Device, newClient, type SimulatedUser } from './simulated-user.ts';
import { tryTrust } from './trust-steps.ts';

const inTurn = pLimit(3);

/**
 * After everything has settled: presents every code that has worked once more, and every kind of
 * token, at both servers. Presenting a spent token ends its session, so half of them are set aside.
 */
export async function askOnceMore(users: readonly SimulatedUser[]): Promise<void> {
  await Promise.all(users.map((user) => inTurn(() => askAgain(user))));
}

async function askAgain(user: SimulatedUser): Promise<void> {
  await tryFactor(user, newClient);
  await tryTrust(user, newClient);
  for (const [index, device] of user.devices.entries()) {
    if (device.state === 'ended') await tryNewest(user, device, index % 2);
    else if (device.state === 'live') await tryLive(user, device);
  }
  for (const { pending, code } of user.redeemed) {
    const { challengeId, purpose, since, to: email } = pending;
    // An unknown client without earlier guesses.
    user.from = newClient();
    const password = purpose === 'RESET_PASSWORD' ? { password: 'amber-compass-91' } : {};
    const input = { email, otp: code, challengeId, ...password };
    const told = { challenge: challengeName(challengeId), since };
    const action = purpose === 'SIGN_IN' ? 'codeAgain' : 'resetCodeAgain';
    await Promise.all([0, 1].map((server) => user.do(action, { input, email, told, server })));
  }
}

async function tryLive(user: SimulatedUser, device: Device): Promise<void> {
  if (!hasGrandparent(device) || Number.parseInt(device.id.slice(-1), 16) % 2 === 0) {
    await refresh(user, device);
    return;
  }
  const [grandparent] = device.chain.slice(-3);
  const request = (server: number) => ({
    input: { refreshToken: grandparent },
    told: { sessionIds: [device.id] },
    server,
  });
  // Whichever comes first ends the session; the other finds it ended.
  await Promise.all([user.do('reuse', request(0)), user.do('refreshEnded', request(1))]);
  device.state = 'ended';
  await tryNewest(user, device, 0);
}

async function tryNewest(
  user: SimulatedUser,
  { id, chain }: Device,
  server: number,
): Promise<void> {
  const input = { refreshToken: chain.at(-1) };
  await user.do('refreshEnded', { input, told: { sessionIds: [id] }, server });
}
