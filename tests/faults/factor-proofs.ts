import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { stepAt, totpCode } from '#src/factors/totp-codes.ts';
import type { Answer } from './ask.ts';
import { challengeName, type Device, type SimulatedUser, through } from './simulated-user.ts';

/** The second factor of a user, as its owner knows it. */
export interface Factor {
  readonly secret: Buffer;
  /** When it was enrolled, epoch in ms. */
  readonly since: number;
  /** The newest step whose code was shown to a server. */
  shownStep: number;
  /** Codes that were surely not used. */
  codes: string[];
  /** Number of codes of which no answer tells whether they were used. */
  doubted: number;
  /** Proofs that a server has accepted, or that a renewal has ended. */
  readonly spent: Spent[];
}

/** A proof that works no more, and its name in the ledger. */
interface Spent {
  readonly proof: Proof;
  readonly name: string;
}

type Proof = { readonly totp: string } | { readonly recoveryCode: string };

/** Wrong proofs that are surely within the limit. */
const MOST_WRONG = 3;
/** Milliseconds of one step of an app. */
const STEP = 30_000;

const isRecovery = (proof: Proof): boolean => 'recoveryCode' in proof;

/** Name of a proof in the ledger. A code of the app may come again by chance, a day later. */
const proofName = (factor: Factor, proof: Proof): string =>
  'totp' in proof ? `${factor.secret.toString('hex')} ${factor.shownStep}` : proof.recoveryCode;

/**
 * Takes a fresh proof: the code of a step that was not shown, or a recovery code now and then and
 * rather than wait for the next step.
 */
export async function takeProof(factor: Factor): Promise<Proof> {
  // The code of the next step is accepted as well.
  const wait = factor.shownStep * STEP - Date.now();
  const [recoveryCode] = factor.codes;
  if (recoveryCode && (wait > 0 || randomInt(4) === 0)) {
    factor.codes.shift();
    return { recoveryCode };
  }
  if (wait > 0) await pause(wait);
  factor.shownStep = Math.max(factor.shownStep + 1, stepAt(new Date()));
  return { totp: totpCode(factor.secret, factor.shownStep) };
}

/** Notes what came of a proof. @returns whether it was accepted */
export function noteProof(factor: Factor, proof: Proof, answers: readonly Answer[]): boolean {
  const isAccepted = answers.some(({ outcome }) => outcome === 'acknowledged');
  if (isAccepted) factor.spent.push({ proof, name: proofName(factor, proof) });
  else if (!('recoveryCode' in proof)) return false;
  else if (answers.some(({ outcome }) => outcome === 'unknown')) factor.doubted += 1;
  else factor.codes.push(proof.recoveryCode);
  return isAccepted;
}

/** Confirms the identity in a session with the factor. @returns whether it is sure */
export async function stepUpByFactor(
  user: SimulatedUser,
  factor: Factor,
  device: Device,
): Promise<boolean> {
  // One more may lock the user out.
  if (user.wrongCodes >= MOST_WRONG) return false;
  const input = await takeProof(factor);
  const { bearer, told } = through(device);
  const action = isRecovery(input) ? 'stepUpByRecoveryCode' : 'stepUpByTotp';
  const proof = proofName(factor, input);
  const answer = await user.do(action, { input, bearer, told: { ...told, proof } });
  if (answer.outcome === 'acknowledged') user.wrongCodes = 0;
  else if (answer.outcome !== 'unsent') user.wrongCodes += 1;
  return noteProof(factor, input, [answer]);
}

/**
 * Proves the factor in a sign-in, now and then at both servers at once or in a browser to trust, and
 * again while no answer comes. @returns the answers
 */
export async function proveFactor(
  user: SimulatedUser,
  factor: Factor,
  challengeId: string,
): Promise<readonly Answer[]> {
  // The challenge may be lost or expire during the wait for a fresh proof.
  const since = Date.now();
  const proof = await takeProof(factor);
  const trusts = !isRecovery(proof) && randomInt(3) > 0;
  const request = {
    input: { email: user.email, challengeId, ...proof, ...(trusts && { trustDevice: true }) },
    told: { challenge: challengeName(challengeId), since, proof: proofName(factor, proof) },
    ...(trusts && { browser: { trust: user.trust } }),
  };
  const [first, again] = isRecovery(proof)
    ? (['proveRecoveryCode', 'proveRecoveryCodeAgain'] as const)
    : trusts
      ? (['proveTrusting', 'proveTrustingAgain'] as const)
      : (['proveTotp', 'proveTotpAgain'] as const);
  const answers: Answer[] = [];
  if (first === 'proveTotp' && randomInt(4) === 0) {
    const both = [0, 1].map((server) => user.do(again, { ...request, server }));
    answers.push(...(await Promise.all(both)));
  } else {
    answers.push(await user.do(first, request));
    // An attempt without an answer may count as a wrong code.
    while (answers.length + user.wrongCodes < MOST_WRONG && answers.at(-1)?.outcome === 'unknown') {
      await pause(1000);
      answers.push(await user.do(again, request));
    }
  }
  noteProof(factor, proof, answers);
  return answers;
}

/** Presents a proof once more that was accepted, in a session. */
export async function presentSpent(user: SimulatedUser, device: Device, { proof, name }: Spent) {
  const { bearer, told } = through(device);
  await user.do('spentProof', { input: proof, bearer, told: { ...told, proof: name } });
}
