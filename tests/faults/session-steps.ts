import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActionName } from './actions.ts';
import type { Answer } from './ask.ts';
import type { Entry } from './ledger.ts';
import { anyOf } from './password-steps.ts';
import { claimsOf, type Device, type SimulatedUser, through } from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Milliseconds in which a client presents its token again: the parent is good for 10 s. */
const RETRIES = 7000;
/** Seconds for which a parent gets the same child again. */
const GRACE = 10;

async function read(user: SimulatedUser): Promise<void> {
  const action = (['me', 'me', 'sessions', 'auditLogs'] as const)[randomInt(4)] ?? 'me';
  const { outcome, data } = await user.do(action, through(anyOf(user.live)));
  if (action !== 'me' || outcome !== 'acknowledged') return;
  const { email, firstName, lastName } = data as Readonly<Record<string, string | null>>;
  if (email !== user.email) user.world.ledger.surprise(user.email, `me shows ${email}`);
  if (!user.names.isSure) return;
  if (firstName === user.names.value && lastName === user.names.value) return;
  const shown = `me shows ${firstName} ${lastName}`;
  user.world.ledger.surprise(user.email, `${shown}, acknowledged was ${user.names.value}`);
}

async function updateProfile(user: SimulatedUser): Promise<void> {
  const name = `Ada ${randomInt(1e9)}`;
  const input = { firstName: name, lastName: name };
  const { outcome } = await user.do('updateProfile', { input, ...through(anyOf(user.live)) });
  if (outcome === 'acknowledged') user.names.value = name;
  if (outcome === 'unknown') user.names.doubted.push(name);
}

/** Presents a refresh token of a device. */
export const present = (
  user: SimulatedUser,
  action: ActionName,
  { id, renewed }: Device,
  refreshToken: string | undefined,
  since = renewed,
) => user.do(action, { input: { refreshToken }, told: { sessionIds: [id], since } });

/** Rotates; where the answer is lost, as a client does: again, with the same token. */
export async function refresh(user: SimulatedUser, device: Device): Promise<void> {
  const first = Date.now();
  const parent = device.chain.at(-1);
  const lost: (Entry | undefined)[] = [];
  let answer = await present(user, 'refresh', device, parent);
  while (!isAnswered(answer) && Date.now() - first < RETRIES) {
    if (answer.outcome === 'unknown') lost.push(user.last);
    await pause(500);
    const action = lost.length > 0 ? 'refreshRetry' : 'refresh';
    answer = await present(user, action, device, parent, first);
  }
  if (answer.outcome === 'acknowledged') {
    const child = String(answer.data.refreshToken);
    // A late retry gets a further child, and each child is recorded.
    const further = claimsOf(child).gen - claimsOf(String(parent)).gen - 1;
    for (const entry of lost.slice(further)) if (entry) entry.absorbed = true;
    device.chain.push(child);
    device.access = String(answer.data.accessToken);
    device.renewed = Date.now();
  } else if (lost.length > 0 || answer.outcome === 'unknown') device.state = 'unsure';
}

const isAnswered = ({ outcome }: Answer) => outcome === 'acknowledged' || outcome === 'refused';

/** Presents the direct parent once more at once: the answer is the same child. */
async function refreshAgain(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live.filter(isFresh));
  const { outcome, data } = await present(user, 'refreshAgain', device, device.chain.at(-2));
  if (outcome === 'unknown' || outcome === 'refused') device.state = 'unsure';
  const newest = String(device.chain.at(-1));
  if (outcome !== 'acknowledged' || data.refreshToken === newest) return;
  const child = String(data.refreshToken);
  device.chain.splice(-1, 1, child);
  if (user.last) user.last.further = true;
  // A server with another clock gives a further child.
  if (Math.abs(claimsOf(child).iat - claimsOf(newest).iat) > GRACE) return;
  user.world.ledger.surprise(user.email, `the parent came again, and got another child`);
}

const isFresh = ({ chain, renewed }: Device) => chain.length > 1 && Date.now() - renewed < 3000;

async function reuse(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live.filter(hasGrandparent));
  const spent = device.chain[randomInt(device.chain.length - 2)];
  const { outcome } = await present(user, 'reuse', device, spent);
  if (outcome === 'unsent') return;
  device.state = outcome === 'refused' ? 'ended' : 'unsure';
  if (outcome === 'refused') await tryEnded(user, device);
}

export const hasGrandparent = ({ chain }: Device): boolean => chain.length > 2;

/** Checks that every server refuses an ended session at once. */
export async function tryEnded(user: SimulatedUser, device: Device): Promise<void> {
  await user.do('meEnded', { bearer: device.access, server: 0 });
  await user.do('meEnded', { bearer: device.access, server: 1 });
  if (randomInt(2) === 0) await present(user, 'refreshEnded', device, device.chain.at(-1));
}

async function logOut(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  const { outcome } = await present(user, 'logout', device, device.chain.at(-1));
  if (outcome === 'unknown') device.state = 'unsure';
  if (outcome !== 'acknowledged') return;
  device.state = 'ended';
  await tryEnded(user, device);
}

async function revokeSession(user: SimulatedUser): Promise<void> {
  const [own, other] = user.live as [Device, Device];
  const { outcome } = await user.do('revokeSession', {
    input: { id: other.id },
    bearer: own.access,
    told: { sessionIds: [other.id], since: own.renewed },
  });
  if (outcome === 'unknown') other.state = 'unsure';
  if (outcome !== 'acknowledged') return;
  other.state = 'ended';
  await tryEnded(user, other);
}

async function revokeOthers(user: SimulatedUser): Promise<void> {
  const [own, ...others] = user.live as [Device, ...Device[]];
  const { outcome } = await user.do('revokeOthers', {
    bearer: own.access,
    told: { sessionIds: others.map(({ id }) => id), since: own.renewed },
  });
  if (outcome === 'unknown') user.over = true;
  if (outcome !== 'acknowledged' && outcome !== 'unknown') return;
  for (const other of others) other.state = outcome === 'unknown' ? 'unsure' : 'ended';
}

export const isSignedIn = ({ live }: SimulatedUser): boolean => live.length > 0;
export const allSure = ({ devices }: SimulatedUser): boolean =>
  devices.every(({ state }) => state !== 'unsure');

/** Steps of signed-in users. */
export const sessionSteps: readonly Step[] = [
  { weight: 4, when: isSignedIn, take: read },
  { weight: 6, when: isSignedIn, take: updateProfile },
  { weight: 8, when: isSignedIn, take: (user) => refresh(user, anyOf(user.live)) },
  { weight: 4, when: ({ live }) => live.some(isFresh), take: refreshAgain },
  { weight: 0.4, when: ({ live }) => live.some(hasGrandparent), take: reuse },
  { weight: 0.5, when: isSignedIn, take: logOut },
  { weight: 1, when: (user) => user.live.length > 1, take: revokeSession },
  { weight: 0.5, when: (user) => user.live.length > 1 && allSure(user), take: revokeOthers },
];
