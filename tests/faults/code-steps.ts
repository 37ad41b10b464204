import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './ask.ts';
import { type Factor, proveFactor } from './factor-proofs.ts';
import {
  challengeName,
  claimsOf,
  type Pending,
  type Purpose,
  type SimulatedUser,
} from './simulated-user.ts';
import type { Step } from './steps.ts';
import { newTrust, type Trust } from './trust.ts';

/** Wrong codes and passwords that are surely within the limits. */
const MOST_WRONG = 2;
/** `LIMIT_WRONG_CODES`. */
const WRONG_CODES = 5;

export const newPassword = (): string => `wool-lantern-${randomInt(1e9)}`;

const randomCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** Whether a code for this purpose may be asked for: one at a time, so that mails tell their own. */
export function mayAsk({ pending, stray }: SimulatedUser, purpose: Purpose): boolean {
  return !pending.has(purpose) && !stray.has(purpose);
}

/** Asks for a code, whose mail is then waited for. */
export async function askForCode(
  user: SimulatedUser,
  action: 'login' | 'requestOtp' | 'forgotPassword',
  purpose: Purpose,
): Promise<void> {
  const since = Date.now();
  const password = action === 'login' ? { password: user.password.value } : {};
  const input = { email: user.email, ...password };
  const { outcome, data } = await user.do(action, { input });
  if (outcome === 'unknown') user.stray.add(purpose);
  if (outcome !== 'acknowledged') return;
  if (action === 'login') user.wrongPasswords = 0;
  const byPassword = action === 'login';
  expectCode(user, purpose, since, { challengeId: String(data.challengeId), byPassword });
}

/** Waits for the code of a challenge from now on. */
export function expectCode(
  user: SimulatedUser,
  purpose: Purpose,
  since: number,
  asked: Pick<Pending, 'challengeId' | 'byPassword'>,
): void {
  // A mail that was in transit when the code expired may still arrive.
  const gone = Date.now() + user.world.codeLifetime + 5000;
  user.pending.set(purpose, { purpose, to: user.email, since, gone, ...asked });
}

/** Redeems the code that was mailed, now and then at both servers at once, and then once more. */
export async function verify(user: SimulatedUser, pending: Pending, code: string): Promise<void> {
  const { challengeId, since } = pending;
  const input = { email: user.email, otp: code, challengeId };
  const told = { challenge: challengeName(challengeId), since };
  if (user.factor) return verifyWithFactor(user, user.factor, pending, code);
  const drops = !user.emailVerified && user.password.value !== undefined && !pending.byPassword;
  const races = !drops && randomInt(4) === 0;
  const answers = races
    ? await Promise.all([0, 1].map((server) => user.do('verifyRace', { input, told, server })))
    : await untilAnswered(user, (again) =>
        user.do(again ? 'verifyRetry' : drops ? 'verifyDropping' : 'verify', { input, told }),
      );

  const won = answers.find(({ outcome }) => outcome === 'acknowledged');
  if (won) enter(user, pending, code, won, drops);
  else giveUp(user, pending, answers);
  if (won && randomInt(3) === 0) {
    await user.do('codeAgain', { input, told });
    user.wrongCodes += 1;
  }
}

/** How the mailed code of an account with a factor is redeemed, by the trust in the browser. */
const halfActions = {
  live: ['verifyTrusted', 'verifyTrustedRetry'],
  unsure: ['verifyUnsure', 'verifyUnsureRetry'],
  ended: ['verifyHalf', 'verifyHalfRetry'],
} as const;

/** Redeems the mailed code in a browser, and opens the session if that is enough. */
export async function redeemIn(
  trust: Trust | undefined,
  user: SimulatedUser,
  pending: Pending,
  code: string,
): Promise<readonly Answer[]> {
  const { challengeId, since } = pending;
  const request = {
    input: { email: user.email, otp: code, challengeId },
    told: { challenge: challengeName(challengeId), since },
    ...(trust && { browser: { trust } }),
  };
  const [first, retry] = halfActions[trust?.state ?? 'ended'];
  const halves = await untilAnswered(user, (again) => user.do(again ? retry : first, request));
  const half = halves.at(-1);
  if (half?.outcome === 'acknowledged') enter(user, pending, code, half, false);
  if (trust && half?.outcome === 'acknowledged') trust.sessionId = user.devices.at(-1)?.id;
  else if (trust && halves.some(({ outcome }) => outcome === 'unknown'))
    trust.sessionId = undefined;
  return halves;
}

/** Redeems the code, and proves the factor unless the browser is trusted. */
async function verifyWithFactor(
  user: SimulatedUser,
  factor: Factor,
  pending: Pending,
  code: string,
): Promise<void> {
  // Now and then in another browser.
  const halves = await redeemIn(randomInt(5) > 0 ? user.trust : undefined, user, pending, code);
  const half = halves.at(-1);
  if (half?.outcome === 'acknowledged') return;
  if (half?.code !== 'MFA_REQUIRED') {
    // Half a sign-in opens nothing. An attempt without an answer may count as a wrong code.
    if (halves.every(({ outcome }) => outcome === 'unsent')) user.stray.add('SIGN_IN');
    user.wrongCodes += halves.length;
    return;
  }
  user.wrongCodes = halves.length - 1;
  user.redeemed.push({ pending, code });
  const answers = await proveFactor(user, factor, String(half.data.challengeId));
  const won = answers.find(({ outcome }) => outcome === 'acknowledged');
  if (won) {
    open(user, won);
    const { deviceToken } = won.data;
    if (typeof deviceToken === 'string') user.trust = newTrust(user, deviceToken);
  } else if (answers.some(({ outcome }) => outcome === 'unknown')) user.over = true;
  else user.wrongCodes += answers.length;
}

/** Signs in with a code, while nothing disturbs it. */
export async function signIn(user: SimulatedUser): Promise<void> {
  await askForCode(user, 'requestOtp', 'SIGN_IN');
  const pending = user.pending.get('SIGN_IN');
  if (!pending) throw new Error(`${user.email} cannot request a code`);
  const mail = await mailFor(user, pending);
  if (!mail?.code) throw new Error(`${user.email} gets no code`);
  user.pending.delete('SIGN_IN');
  await verify(user, pending, mail.code);
}

/** Waits for the mail of a challenge, for a few seconds. It counts as used then. */
export async function mailFor(user: SimulatedUser, pending: Pending) {
  for (const end = Date.now() + 5000; Date.now() < end; await pause(100)) {
    const mail = user.mailOf(pending);
    if (!mail) continue;
    user.use(mail);
    return mail;
  }
  return undefined;
}

/**
 * As a client does whose answer was lost: again, with the same code. All answers, in order. An
 * attempt without an answer may count as a wrong code, so there are no more than the limit allows.
 */
export async function untilAnswered(
  user: SimulatedUser,
  redeem: (again: boolean) => Promise<Answer>,
): Promise<Answer[]> {
  const most = Math.min(4, WRONG_CODES - user.wrongCodes);
  const answers = [await redeem(false)];
  while (answers.length < most && answers.at(-1)?.outcome === 'unknown') {
    await pause(1000);
    answers.push(await redeem(true));
  }
  return answers;
}

function giveUp(user: SimulatedUser, { purpose }: Pending, answers: readonly Answer[]): void {
  if (answers.some(({ outcome }) => outcome === 'unknown')) user.over = true;
  // Nobody listened: the code is as good as before, but its mail counts as used.
  else if (answers.every(({ outcome }) => outcome === 'unsent')) user.stray.add(purpose);
  else user.wrongCodes += answers.length;
}

function enter(
  user: SimulatedUser,
  pending: Pending,
  code: string,
  { data }: Answer,
  drops: boolean,
): void {
  user.exists = true;
  user.emailVerified = true;
  if (drops) {
    user.password.value = undefined;
    user.names.value = null;
  }
  user.redeemed.push({ pending, code });
  open(user, { data });
}

/** Notes a new session. */
function open(user: SimulatedUser, { data }: Pick<Answer, 'data'>): void {
  user.wrongCodes = 1;
  const access = String(data.accessToken);
  const chain = [String(data.refreshToken)];
  const { sid: id } = claimsOf(access);
  user.devices.push({ id, access, renewed: Date.now(), chain, state: 'live' });
}

async function reset(user: SimulatedUser, pending: Pending, code: string): Promise<void> {
  const password = newPassword();
  const { challengeId, since } = pending;
  const input = { email: user.email, otp: code, challengeId, password };
  const told = { challenge: challengeName(challengeId), since };
  const answers = await untilAnswered(user, (again) =>
    user.do(again ? 'resetRetry' : 'reset', { input, told }),
  );
  if (answers.at(-1)?.outcome !== 'acknowledged') {
    giveUp(user, pending, answers);
    if (!user.over) return;
    if (!user.emailVerified) user.names.doubted.push(null);
    user.password.doubted.push(password);
    for (const device of user.live) device.state = 'unsure';
    return;
  }
  user.password.value = password;
  if (!user.emailVerified) user.names.value = null;
  user.emailVerified = true;
  user.wrongCodes = 0;
  user.redeemed.push({ pending, code });
  for (const device of user.devices) device.state = 'ended';
  if (randomInt(3) > 0) return;
  await user.do('resetCodeAgain', { input: { ...input, password: newPassword() }, told });
  user.wrongCodes += 1;
}

/** Guesses until it is refused, or as often as would do without a fault, and a little more. */
export async function guess(once: () => Promise<Answer>): Promise<void> {
  for (let tries = 0; tries < 8; tries += 1) {
    const { code } = await once();
    if (code === 'LOCKED') return;
    await pause(300);
  }
}

const codeReady = (user: SimulatedUser, purpose: Purpose): boolean => {
  const pending = user.pending.get(purpose);
  return pending !== undefined && user.mailOf(pending) !== undefined;
};

const redemption = (
  purpose: Purpose,
  redeem: (user: SimulatedUser, pending: Pending, code: string) => Promise<void>,
) => ({
  async take(user: SimulatedUser) {
    const pending = user.pending.get(purpose);
    const mail = pending && user.mailOf(pending);
    if (!pending || !mail?.code) return;
    user.use(mail);
    user.pending.delete(purpose);
    await redeem(user, pending, mail.code);
  },
});

/** Codes: asking for them, and redeeming them. */
export const codeSteps: readonly Step[] = [
  {
    weight: 3,
    when: (user) =>
      user.exists && user.password.value !== undefined && user.password.isSure
        ? mayAsk(user, 'SIGN_IN')
        : false,
    take: (user) => askForCode(user, 'login', 'SIGN_IN'),
  },
  {
    weight: 1,
    when: (user) => mayAsk(user, 'SIGN_IN'),
    take: (user) => askForCode(user, 'requestOtp', 'SIGN_IN'),
  },
  {
    weight: 1,
    when: (user) => user.exists && mayAsk(user, 'RESET_PASSWORD'),
    take: (user) => askForCode(user, 'forgotPassword', 'RESET_PASSWORD'),
  },
  {
    weight: 30,
    when: (user) => codeReady(user, 'SIGN_IN'),
    ...redemption('SIGN_IN', verify),
  },
  {
    weight: 30,
    // It ends all other codes, of which mails may be on their way.
    when: (user) => user.pending.size === 1 && codeReady(user, 'RESET_PASSWORD'),
    ...redemption('RESET_PASSWORD', reset),
  },
  {
    weight: 0.5,
    when: ({ pending, wrongCodes }) => pending.has('SIGN_IN') && wrongCodes < MOST_WRONG,
    async take(user) {
      const challengeId = user.pending.get('SIGN_IN')?.challengeId;
      user.wrongCodes += 1;
      await user.do('wrongCode', { input: { email: user.email, otp: randomCode(), challengeId } });
    },
  },
  {
    weight: 0.2,
    when: (user) => user.exists && user.pending.size === 0,
    async take(user) {
      const { email } = user;
      await guess(() => user.do('guessCode', { input: { email, otp: randomCode() } }));
      user.over = true;
    },
  },
];
