import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './ask.ts';
import {
  challengeName,
  claimsOf,
  type Life,
  type Pending,
  type Purpose,
} from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Wrong codes and passwords that are surely within the limits. */
const MOST_WRONG = 2;

export const newPassword = (): string => `wool-lantern-${randomInt(1e9)}`;

const randomCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** Whether a code for this purpose may be asked for: one at a time, so that mails tell their own. */
function mayAsk({ pending, stray }: Life, purpose: Purpose): boolean {
  return !pending.has(purpose) && !stray.has(purpose);
}

async function askForCode(
  life: Life,
  deed: 'login' | 'requestOtp' | 'forgotPassword',
  purpose: Purpose,
): Promise<void> {
  const since = Date.now();
  const password = deed === 'login' ? { password: life.password.value } : {};
  const input = { email: life.email, ...password };
  const { outcome, data } = await life.do(deed, { input });
  if (outcome === 'unknown') life.stray.add(purpose);
  if (outcome !== 'acknowledged') return;
  if (deed === 'login') life.wrongPasswords = 0;
  const byPassword = deed === 'login';
  expectCode(life, purpose, since, { challengeId: String(data.challengeId), byPassword });
}

/** Waits for the code of a challenge from now on. */
export function expectCode(
  life: Life,
  purpose: Purpose,
  since: number,
  asked: Pick<Pending, 'challengeId' | 'byPassword'>,
): void {
  // A mail that was in transit when the code expired may still arrive.
  const gone = Date.now() + life.world.codeLife + 5000;
  life.pending.set(purpose, { purpose, since, gone, ...asked });
}

/** Redeems the code that was mailed, now and then at both servers at once, and then once more. */
async function verify(life: Life, pending: Pending, code: string): Promise<void> {
  const { challengeId, since } = pending;
  const input = { email: life.email, otp: code, challengeId };
  const told = { challenge: challengeName(challengeId), since };
  const drops = !life.proven && life.password.value !== undefined && !pending.byPassword;
  const races = !drops && randomInt(4) === 0;
  const answers = races
    ? await Promise.all([0, 1].map((server) => life.do('verifyRace', { input, told, server })))
    : await untilAnswered((again) =>
        life.do(again ? 'verifyRetry' : drops ? 'verifyDropping' : 'verify', { input, told }),
      );

  const won = answers.find(({ outcome }) => outcome === 'acknowledged');
  if (won) enter(life, pending, code, won, drops);
  else giveUp(life, pending, answers);
  if (won && randomInt(3) === 0) {
    await life.do('codeAgain', { input, told });
    life.wrongCodes += 1;
  }
}

/** As a client does whose answer was lost: again, with the same code. All answers, in order. */
async function untilAnswered(redeem: (again: boolean) => Promise<Answer>): Promise<Answer[]> {
  const answers = [await redeem(false)];
  while (answers.length < 4 && answers.at(-1)?.outcome === 'unknown') {
    await pause(1000);
    answers.push(await redeem(true));
  }
  return answers;
}

function giveUp(life: Life, { purpose }: Pending, answers: readonly Answer[]): void {
  if (answers.some(({ outcome }) => outcome === 'unknown')) life.over = true;
  // Nobody listened: the code is as good as before, but its mail counts as used.
  else if (answers.every(({ outcome }) => outcome === 'unsent')) life.stray.add(purpose);
  else life.wrongCodes += answers.length;
}

function enter(life: Life, pending: Pending, code: string, { data }: Answer, drops: boolean): void {
  life.exists = true;
  life.proven = true;
  if (drops) {
    life.password.value = undefined;
    life.names.value = null;
  }
  life.wrongCodes = 1;
  life.redeemed.push({ pending, code });
  const access = String(data.accessToken);
  const chain = [String(data.refreshToken)];
  const { sid: id } = claimsOf(access);
  life.devices.push({ id, access, renewed: Date.now(), chain, state: 'live' });
}

async function reset(life: Life, pending: Pending, code: string): Promise<void> {
  const password = newPassword();
  const { challengeId, since } = pending;
  const input = { email: life.email, otp: code, challengeId, password };
  const told = { challenge: challengeName(challengeId), since };
  const answers = await untilAnswered((again) =>
    life.do(again ? 'resetRetry' : 'reset', { input, told }),
  );
  if (answers.at(-1)?.outcome !== 'acknowledged') {
    giveUp(life, pending, answers);
    if (!life.over) return;
    if (!life.proven) life.names.doubted.push(null);
    life.password.doubted.push(password);
    for (const device of life.live) device.state = 'unsure';
    return;
  }
  life.password.value = password;
  if (!life.proven) life.names.value = null;
  life.proven = true;
  life.wrongCodes = 0;
  life.redeemed.push({ pending, code });
  for (const device of life.devices) device.state = 'ended';
  if (randomInt(3) > 0) return;
  await life.do('resetCodeAgain', { input: { ...input, password: newPassword() }, told });
  life.wrongCodes += 1;
}

/** Guesses until it is refused, or as often as would do without a fault, and a little more. */
export async function guess(once: () => Promise<Answer>): Promise<void> {
  for (let tries = 0; tries < 8; tries += 1) {
    const { code } = await once();
    if (code === 'LOCKED') return;
    await pause(300);
  }
}

const codeReady = (life: Life, purpose: Purpose): boolean => {
  const pending = life.pending.get(purpose);
  return pending !== undefined && life.mailOf(pending) !== undefined;
};

const redemption = (
  purpose: Purpose,
  redeem: (life: Life, pending: Pending, code: string) => Promise<void>,
) => ({
  async take(life: Life) {
    const pending = life.pending.get(purpose);
    const mail = pending && life.mailOf(pending);
    if (!pending || !mail?.code) return;
    life.use(mail);
    life.pending.delete(purpose);
    await redeem(life, pending, mail.code);
  },
});

/** Codes: asking for them, and redeeming them. */
export const codeSteps: readonly Step[] = [
  {
    weight: 3,
    when: (life) =>
      life.exists && life.password.value !== undefined && life.password.isSure
        ? mayAsk(life, 'SIGN_IN')
        : false,
    take: (life) => askForCode(life, 'login', 'SIGN_IN'),
  },
  {
    weight: 1,
    when: (life) => mayAsk(life, 'SIGN_IN'),
    take: (life) => askForCode(life, 'requestOtp', 'SIGN_IN'),
  },
  {
    weight: 1,
    when: (life) => life.exists && mayAsk(life, 'RESET_PASSWORD'),
    take: (life) => askForCode(life, 'forgotPassword', 'RESET_PASSWORD'),
  },
  {
    weight: 30,
    when: (life) => codeReady(life, 'SIGN_IN'),
    ...redemption('SIGN_IN', verify),
  },
  {
    weight: 30,
    // It ends all other codes, of which mails may be on their way.
    when: (life) => life.pending.size === 1 && codeReady(life, 'RESET_PASSWORD'),
    ...redemption('RESET_PASSWORD', reset),
  },
  {
    weight: 0.5,
    when: ({ pending, wrongCodes }) => pending.has('SIGN_IN') && wrongCodes < MOST_WRONG,
    async take(life) {
      const challengeId = life.pending.get('SIGN_IN')?.challengeId;
      life.wrongCodes += 1;
      await life.do('wrongCode', { input: { email: life.email, otp: randomCode(), challengeId } });
    },
  },
  {
    weight: 0.2,
    when: (life) => life.exists && life.pending.size === 0,
    async take(life) {
      const { email } = life;
      await guess(() => life.do('guessCode', { input: { email, otp: randomCode() } }));
      life.over = true;
    },
  },
];
