import { randomInt } from 'node:crypto';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import { bytesOf } from '#tests/support/base32.ts';
import { askForCode, mailFor, mayAsk, verify } from './code-steps.ts';
import { presentSpent, stepUpByFactor } from './factor-proofs.ts';
import { isQuiet, stepUp } from './own-account-steps.ts';
import { anyOf } from './password-steps.ts';
import { refresh, tryEnded } from './session-steps.ts';
import { type Device, type SimulatedUser, through } from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Enrolments of a user that are surely within the limit. */
const MOST_ENROLMENTS = 2;
/** Codes of a user that may be wrong before a spent proof is presented. */
const MOST_WRONG = 2;

/** A lost answer may have changed the factors: this user stops. */
function doubt(user: SimulatedUser, device?: Device): void {
  user.isFactorSure = false;
  user.over = true;
  for (const other of user.live) if (other !== device) other.state = 'unsure';
}

async function enrol(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  if (!(await stepUp(user, device))) return;
  const asked = await user.do('enrollTotp', through(device));
  if (asked.outcome !== 'acknowledged') return;
  const secret = bytesOf(String(asked.data.secret));
  const since = Date.now();
  const shownStep = stepAt(new Date());
  const input = { totp: totpCode(secret, shownStep) };
  const { outcome, data } = await user.do('confirmTotp', { input, ...through(device) });
  if (outcome === 'unknown') doubt(user, device);
  if (outcome !== 'acknowledged') return;
  const codes = data.recoveryCodes as string[];
  if (codes.length !== 10) {
    user.world.ledger.surprise(user.email, `the first factor brought ${codes.length} codes`);
  }
  user.enrolments += 1;
  user.factor = { secret, since, shownStep, codes: [...codes], doubted: 0, spent: [] };
  const others = user.live.filter((other) => other !== device);
  for (const other of others) other.state = 'ended';
  if (others[0]) await tryEnded(user, others[0]);
}

/** Confirms the identity with the factor, and changes it. */
async function change(user: SimulatedUser): Promise<void> {
  const { factor } = user;
  if (!factor) return;
  const device = anyOf(user.live);
  if (!(await stepUpByFactor(user, factor, device))) return;
  if (randomInt(3) > 0) {
    const { outcome, data } = await user.do('renewRecoveryCodes', through(device));
    if (outcome === 'unknown') doubt(user, device);
    if (outcome !== 'acknowledged') return;
    const former = factor.codes[0];
    user.factor = { ...factor, codes: [...(data.recoveryCodes as string[])], doubted: 0 };
    if (former) user.factor.spent.push({ proof: { recoveryCode: former }, name: former });
    return;
  }
  const { outcome } = await user.do('removeTotp', through(device));
  if (outcome === 'unknown') doubt(user, device);
  if (outcome === 'acknowledged') user.factor = undefined;
}

/** The secret that undoes the factor, once its mail has come. A mail of an earlier one may come twice. */
function undoSecretOf({ world, email, factor }: SimulatedUser): string | undefined {
  const since = factor?.since ?? Infinity;
  const mails = world.mailSink
    .mailsTo(email)
    .filter(({ subject }) => /second step to sign in/.test(subject));
  const earlier = new Set(mails.filter(({ at }) => at < since).map(({ messageId }) => messageId));
  return mails.find(({ messageId }) => !earlier.has(messageId))?.undoSecret;
}

/** Undoes the factor with the mailed secret. */
async function undo(user: SimulatedUser): Promise<void> {
  const secret = undoSecretOf(user);
  const { outcome } = await user.do('undoFactor', { input: { secret } });
  if (outcome === 'unknown') {
    user.password.doubted.push(undefined);
    doubt(user);
  }
  if (outcome !== 'acknowledged') return;
  user.factor = undefined;
  user.password.value = undefined;
  const [first] = user.live;
  for (const device of user.devices) device.state = 'ended';
  if (first) await tryEnded(user, first);
}

/** Signs in once more, with a mailed code and the factor. */
async function enterAgain(user: SimulatedUser): Promise<void> {
  await askForCode(user, 'requestOtp', 'SIGN_IN');
  const pending = user.pending.get('SIGN_IN');
  const mail = pending && (await mailFor(user, pending));
  if (!pending || !mail?.code) return;
  user.pending.delete('SIGN_IN');
  await verify(user, pending, mail.code);
}

/** Spent proofs in each session: five wrong ones end it. */
const presented = new WeakMap<Device, number>();
const mayPresent = (device: Device): boolean => (presented.get(device) ?? 0) < MOST_WRONG;

async function presentOne(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live.filter(mayPresent));
  user.wrongCodes += 1;
  presented.set(device, (presented.get(device) ?? 0) + 1);
  await presentSpent(user, device, anyOf(user.factor?.spent ?? []));
}

/**
 * Second factors: authenticator apps and recovery codes. Whoever has moved to another address has
 * none, because an undo of the move would remove it.
 */
export const factorSteps: readonly Step[] = [
  {
    weight: 20,
    when: (user) =>
      user.isCareful &&
      user.live.length > 0 &&
      !user.factor &&
      user.enrolments < MOST_ENROLMENTS &&
      user.changes.length === 0 &&
      isQuiet(user),
    take: enrol,
  },
  {
    weight: 16,
    when: (user) =>
      user.factor !== undefined && user.wrongCodes < MOST_WRONG && mayAsk(user, 'SIGN_IN'),
    take: enterAgain,
  },
  {
    weight: 3,
    when: (user) => user.factor !== undefined && user.live.length > 0 && isQuiet(user),
    take: change,
  },
  {
    weight: 1,
    when: (user) => user.factor !== undefined && isQuiet(user) && undoSecretOf(user) !== undefined,
    take: undo,
  },
  {
    weight: 4,
    when: ({ factor, live, wrongCodes }) =>
      live.some(mayPresent) && wrongCodes < MOST_WRONG && (factor?.spent.length ?? 0) > 0,
    take: presentOne,
  },
];

/**
 * After everything has settled: the factor of a user works, and no recovery code that was accepted
 * works again.
 */
export async function tryFactor(user: SimulatedUser, newClient: () => string): Promise<void> {
  const [device] = user.live;
  const { factor } = user;
  if (!device || !factor || !user.isFactorSure) return;
  await refresh(user, device);
  if (device.state !== 'live') return;
  user.from = newClient();
  user.wrongCodes = 0;
  if (!(await stepUpByFactor(user, factor, device))) {
    user.world.ledger.surprise(user.email, 'the factor does not confirm a session');
  }
  for (const spent of factor.spent.filter(({ proof }) => 'recoveryCode' in proof)) {
    // A client without earlier guesses.
    user.from = newClient();
    await presentSpent(user, device, spent);
  }
}
