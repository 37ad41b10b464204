import pLimit from 'p-limit';
import { hasGrandparent, refresh } from './session-steps.ts';
import { challengeName, type Device, type Life, newClient } from './simulated-user.ts';

const inTurn = pLimit(3);

/**
 * After everything has settled: presents every code that has worked once more, and every kind of
 * token, at both servers. Presenting a spent token ends its session, so half of them are set aside.
 */
export async function askOnceMore(lives: readonly Life[]): Promise<void> {
  await Promise.all(lives.map((life) => inTurn(() => askAgain(life))));
}

async function askAgain(life: Life): Promise<void> {
  for (const [index, device] of life.devices.entries()) {
    if (device.state === 'ended') await tryNewest(life, device, index % 2);
    else if (device.state === 'live') await tryLive(life, device);
  }
  for (const { pending, code } of life.redeemed) {
    const { challengeId, purpose, since } = pending;
    // A stranger, who has not guessed yet.
    life.from = newClient();
    const password = purpose === 'RESET_PASSWORD' ? { password: 'amber-compass-91' } : {};
    const input = { email: life.email, otp: code, challengeId, ...password };
    const told = { challenge: challengeName(challengeId), since };
    const deed = purpose === 'SIGN_IN' ? 'codeAgain' : 'resetCodeAgain';
    await Promise.all([0, 1].map((server) => life.do(deed, { input, told, server })));
  }
}

async function tryLive(life: Life, device: Device): Promise<void> {
  if (!hasGrandparent(device) || Number.parseInt(device.id.slice(-1), 16) % 2 === 0) {
    await refresh(life, device);
    return;
  }
  const [grandparent] = device.chain.slice(-3);
  const request = (server: number) => ({
    input: { refreshToken: grandparent },
    told: { sessionIds: [device.id] },
    server,
  });
  // Whichever comes first ends the session; the other finds it ended.
  await Promise.all([life.do('reuse', request(0)), life.do('refreshEnded', request(1))]);
  device.state = 'ended';
  await tryNewest(life, device, 0);
}

async function tryNewest(life: Life, { id, chain }: Device, server: number): Promise<void> {
  const input = { refreshToken: chain.at(-1) };
  await life.do('refreshEnded', { input, told: { sessionIds: [id] }, server });
}
