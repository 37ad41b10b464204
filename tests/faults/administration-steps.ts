import { randomInt } from 'node:crypto';
import type { ActionName } from './actions.ts';
import type { SqlAccess } from './administrator.ts';
import { signIn } from './code-steps.ts';
import { isQuiet, leave } from './own-account-steps.ts';
import { anyOf } from './password-steps.ts';
import { refresh, tryEnded } from './session-steps.ts';
import { type Device, SimulatedUser, type World } from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Milliseconds after which the administrator refreshes: access tokens are good for 15 minutes. */
const OLD = 240_000;

/** Signs an `ADMIN` in and creates an API key before anything is disturbed. */
export async function createAdmin(world: World, administrator: SqlAccess): Promise<SimulatedUser> {
  const admin = new SimulatedUser(world, 0);
  world.ledger.users.push(admin);
  await signIn(admin);
  await administrator.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
  await administrator.sql('update sessions set stepped_up_at = now()');
  const input = { name: 'faults', scope: 'WRITE' };
  const { data } = await admin.do('createApiKey', { input, bearer: admin.live[0]?.access });
  world.apiKey = String(data.key);
  return admin;
}

const session = ({ world }: SimulatedUser): Device | undefined => world.admin?.live[0];
let refreshing: Promise<void> = Promise.resolve();

/** Lets the administrator, or a machine, change a user. */
async function change(user: SimulatedUser, action: ActionName, more: object = {}, told = {}) {
  const { admin } = user.world;
  const device = session(user);
  if (!admin || !device) throw new Error('nobody administers');
  if (Date.now() - device.renewed > OLD) {
    refreshing = refreshing.then(async () => {
      if (Date.now() - device.renewed > OLD) await refresh(admin, device);
    });
    await refreshing;
  }
  const { id } = user;
  const input = { ...(id && { id }), ...more };
  const since = device.renewed;
  const bearer = randomInt(2) === 0 ? user.world.apiKey : device.access;
  const answer = await user.do(action, { input, bearer, told: { since, ...told } });
  if (answer.outcome === 'unknown') user.over = true;
  return answer;
}

async function createUser(user: SimulatedUser): Promise<void> {
  const { outcome } = await change(user, 'createUser', { email: user.email });
  user.exists = outcome === 'acknowledged';
}

async function disableAndEnable(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  const { outcome } = await change(user, 'disableUser');
  endAll(user, outcome);
  if (outcome !== 'acknowledged') return;
  await tryEnded(user, device);
  const enabled = await change(user, 'enableUser');
  // A disabled user gets no codes.
  if (enabled.outcome !== 'acknowledged') user.over = true;
}

async function revokeSessions(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  const sessionIds = user.live.map(({ id }) => id);
  const { outcome } = await change(user, 'revokeUserSessions', {}, { sessionIds });
  endAll(user, outcome);
  if (outcome === 'acknowledged') await tryEnded(user, device);
}

function endAll({ live }: SimulatedUser, outcome: string): void {
  if (outcome !== 'acknowledged' && outcome !== 'unknown') return;
  for (const device of live) device.state = outcome === 'unknown' ? 'unsure' : 'ended';
}

async function changeRole(user: SimulatedUser): Promise<void> {
  const { outcome } = await change(user, 'setUserRole', { role: 'ADMIN' });
  if (outcome !== 'acknowledged') return;
  const back = await change(user, 'setUserRole', { role: 'USER' });
  if (back.outcome !== 'acknowledged') user.over = true;
}

async function unlock(user: SimulatedUser): Promise<void> {
  const { outcome } = await change(user, 'unlockUser');
  if (outcome !== 'acknowledged') return;
  user.wrongCodes = 0;
  user.wrongPasswords = 0;
}

async function deleteUser(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  await leave(user, await change(user, 'deleteUser', { email: user.email }), device);
}

const isSubject = (user: SimulatedUser): boolean =>
  session(user) !== undefined && user.live.length > 0 && isQuiet(user);

/** Steps that an administrator takes with users. */
export const administrationSteps: readonly Step[] = [
  {
    weight: 1,
    when: (user) => session(user) !== undefined && !user.exists && isQuiet(user),
    take: createUser,
  },
  { weight: 0.6, when: isSubject, take: disableAndEnable },
  { weight: 0.6, when: isSubject, take: revokeSessions },
  { weight: 0.6, when: isSubject, take: changeRole },
  { weight: 0.6, when: isSubject, take: unlock },
  { weight: 0.3, when: isSubject, take: deleteUser },
];
