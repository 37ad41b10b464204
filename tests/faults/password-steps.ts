import { randomInt } from 'node:crypto';
import { expectCode, guess, newPassword } from './code-steps.ts';
import type { SimulatedUser } from './simulated-user.ts';
import type { Step } from './steps.ts';

const MOST_WRONG = 2;
/** Mails about a taken address that are surely within the limit. */
const MOST_NOTICES = 2;

export const anyOf = <T>(some: readonly T[]): T => some[randomInt(some.length)] as T;

async function register(user: SimulatedUser): Promise<void> {
  const password = newPassword();
  const name = `Ada ${randomInt(1e9)}`;
  const input = { email: user.email, password, firstName: name, lastName: name };
  const since = Date.now();
  const { outcome, data } = await user.do('register', { input });
  if (outcome === 'unknown') user.over = true;
  if (outcome !== 'acknowledged') return;
  expectCode(user, 'SIGN_IN', since, { challengeId: String(data.challengeId), byPassword: true });
  user.exists = true;
  user.password.value = password;
  user.names.value = name;
}

async function changePassword(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  const { access, renewed: since } = device;
  const password = newPassword();
  const input = { currentPassword: user.password.value, newPassword: password };
  const told = { sessionIds: [device.id], since };
  const { outcome } = await user.do('changePassword', { input, bearer: access, told });
  const others = user.devices.filter((other) => other !== device);
  if (outcome === 'unknown') {
    user.password.doubted.push(password);
    for (const other of others) if (other.state === 'live') other.state = 'unsure';
    user.over = true;
  }
  if (outcome !== 'acknowledged') return;
  user.password.value = password;
  user.wrongPasswords = 0;
  for (const other of others) other.state = 'ended';
}

/** Accounts and passwords. */
export const passwordSteps: readonly Step[] = [
  {
    weight: 4,
    when: ({ exists, pending, stray }) => !exists && pending.size + stray.size === 0,
    take: register,
  },
  {
    weight: 0.5,
    when: ({ emailVerified, notices }) => emailVerified && notices < MOST_NOTICES,
    async take(user) {
      user.notices += 1;
      const input = { email: user.email, password: newPassword(), firstName: 'Eve' };
      await user.do('registerAgain', { input });
    },
  },
  {
    weight: 1,
    // It ends all codes, of which mails may be on their way.
    when: ({ live, password, pending }) =>
      live.length > 0 && pending.size === 0 && password.isSure && password.value !== undefined,
    take: changePassword,
  },
  {
    weight: 0.5,
    when: ({ live, wrongPasswords }) => live.length > 0 && wrongPasswords < MOST_WRONG,
    async take(user) {
      user.wrongPasswords += 1;
      const { access: bearer, renewed: since } = anyOf(user.live);
      const input = { currentPassword: 'not the password', newPassword: newPassword() };
      await user.do('wrongCurrentPassword', { input, bearer, told: { since } });
    },
  },
  {
    weight: 0.5,
    when: ({ exists, wrongPasswords }) => exists && wrongPasswords < MOST_WRONG,
    async take(user) {
      user.wrongPasswords += 1;
      await user.do('wrongPassword', {
        input: { email: user.email, password: 'not the password' },
      });
    },
  },
  {
    weight: 0.1,
    when: ({ exists }) => exists,
    async take(user) {
      const input = { email: user.email, password: 'not the password' };
      await guess(() => user.do('guessPassword', { input }));
      user.over = true;
    },
  },
];
