import { randomInt } from 'node:crypto';
import { expectCode, guess, newPassword } from './code-steps.ts';
import type { Device, Life } from './simulated-user.ts';
import type { Step } from './steps.ts';

const MOST_WRONG = 2;
/** Mails about a taken address that are surely within the limit. */
const MOST_NOTICES = 2;

export const anyOf = (devices: readonly Device[]): Device =>
  devices[randomInt(devices.length)] as Device;

async function register(life: Life): Promise<void> {
  const password = newPassword();
  const name = `Ada ${randomInt(1e9)}`;
  const input = { email: life.email, password, firstName: name, lastName: name };
  const since = Date.now();
  const { outcome, data } = await life.do('register', { input });
  if (outcome === 'unknown') life.over = true;
  if (outcome !== 'acknowledged') return;
  expectCode(life, 'SIGN_IN', since, { challengeId: String(data.challengeId), byPassword: true });
  life.exists = true;
  life.password.value = password;
  life.names.value = name;
}

async function changePassword(life: Life): Promise<void> {
  const device = anyOf(life.live);
  const { access, renewed: since } = device;
  const password = newPassword();
  const input = { currentPassword: life.password.value, newPassword: password };
  const told = { sessionIds: [device.id], since };
  const { outcome } = await life.do('changePassword', { input, bearer: access, told });
  const others = life.devices.filter((other) => other !== device);
  if (outcome === 'unknown') {
    life.password.doubted.push(password);
    for (const other of others) if (other.state === 'live') other.state = 'unsure';
    life.over = true;
  }
  if (outcome !== 'acknowledged') return;
  life.password.value = password;
  life.wrongPasswords = 0;
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
    when: ({ proven, notices }) => proven && notices < MOST_NOTICES,
    async take(life) {
      life.notices += 1;
      const input = { email: life.email, password: newPassword(), firstName: 'Eve' };
      await life.do('registerAgain', { input });
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
    async take(life) {
      life.wrongPasswords += 1;
      const { access: bearer, renewed: since } = anyOf(life.live);
      const input = { currentPassword: 'not the password', newPassword: newPassword() };
      await life.do('wrongCurrentPassword', { input, bearer, told: { since } });
    },
  },
  {
    weight: 0.5,
    when: ({ exists, wrongPasswords }) => exists && wrongPasswords < MOST_WRONG,
    async take(life) {
      life.wrongPasswords += 1;
      await life.do('wrongPassword', {
        input: { email: life.email, password: 'not the password' },
      });
    },
  },
  {
    weight: 0.1,
    when: ({ exists }) => exists,
    async take(life) {
      const input = { email: life.email, password: 'not the password' };
      await guess(() => life.do('guessPassword', { input }));
      life.over = true;
    },
  },
];
