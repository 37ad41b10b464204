import fc from 'fast-check';
import { ask, inTurn, times, wait } from './ask-step.ts';
import * as given from './factor-inputs.ts';
import * as inputs from './inputs.ts';
import type { Step } from './script.ts';
import { sureAdmin, sureFactor, surePasskey, sureSignIn } from './sure-steps.ts';

const none = fc.constant(undefined);

/** Steps about the second factors of one user. */
export function factorSteps(person: string) {
  const { bearer } = inputs;
  const email = inputs.email(person);
  const challengeId = given.factorChallenge(person);
  const proofs = given.proof(person, 'passkey for a sign-in');
  const named = fc.record({ email, challengeId });
  const withProof = (proof: fc.Arbitrary<object>) =>
    ask(
      'verifyFactor',
      fc.tuple(named, proof).map(([name, more]) => ({ ...name, ...more })),
    );
  const guess = { totp: given.newest('app code', person, 'wrong') };
  return {
    factors: ask('factors', none, bearer),
    enrollTotp: ask('enrollTotp', none, bearer),
    confirmTotp: ask('confirmTotp', { totp: given.totp(person) }, bearer),
    removeTotp: ask('removeTotp', none, bearer),
    renewRecoveryCodes: ask('renewRecoveryCodes', none, bearer),
    undoFactorChange: ask('undoFactorChange', {
      secret: inputs.seldomBad(given.newest('factor undo secret', person)),
    }),
    verifyFactor: withProof(proofs),
    guessFactor: withProof(fc.record(guess)),
    stepUpByFactor: ask('stepUp', given.proof(person, 'passkey for a step-up'), bearer),
    guessStepUpByFactor: ask('stepUp', guess, bearer),
    resetUserFactors: ask(
      'resetUserFactors',
      { id: inputs.userId(person) },
      inputs.administratorBearer,
    ),
    trustedDevices: ask('trustedDevices', none, bearer),
    removeTrustedDevice: ask('removeTrustedDevice', { id: inputs.sessionId(person) }, bearer),
    passkeys: ask('passkeys', none, bearer),
    passkeySignInOptions: ask('passkeySignInOptions', none),
    passkeyFactorOptions: ask('passkeyFactorOptions', { challengeId }),
    passkeyStepUpOptions: ask('passkeyStepUpOptions', none, bearer),
    passkeyRegistrationOptions: ask('passkeyRegistrationOptions', none, bearer),
    registerPasskey: ask(
      'registerPasskey',
      { credential: given.newPasskey(person), name: inputs.seldom(given.passkeyName) },
      bearer,
    ),
    signInWithPasskey: ask('signInWithPasskey', { credential: given.passkey('passkey', person) }),
    refusedPasskey: ask('signInWithPasskey', {
      credential: given.newest('passkey', person, 'wrong'),
    }),
    renamePasskey: ask(
      'renamePasskey',
      { id: given.passkeyId(person), name: given.passkeyName },
      bearer,
    ),
    removePasskey: ask('removePasskey', { id: given.passkeyId(person) }, bearer),
  };
}

/** Steps about trusted devices that have an effect in cookie mode only. */
export function trustSteps(person: string) {
  const { bearer } = inputs;
  const input = {
    email: fc.constant(person),
    challengeId: given.factorChallenge(person),
    totp: given.newest('app code', person),
    trustDevice: fc.constant(true),
  };
  return {
    trustDevice: ask('verifyFactor', input),
    trustedDevices: ask('trustedDevices', none, bearer),
    removeTrustedDevice: ask('removeTrustedDevice', { id: given.trustedDevice }, bearer),
  };
}

/** Steps of the other operations that the sequences need. */
interface Others {
  readonly requestOtp: fc.Arbitrary<Step>;
  readonly enter: fc.Arbitrary<Step>;
  readonly login: fc.Arbitrary<Step>;
  readonly me: fc.Arbitrary<Step>;
  readonly sessions: fc.Arbitrary<Step>;
  readonly undoChange: fc.Arbitrary<Step>;
  readonly exportMyData: fc.Arbitrary<Step>;
  /** Steps that move the account to another address. */
  readonly moves: readonly fc.Arbitrary<Step>[];
}

/** Sequences about second factors. */
export function factorTurns(
  person: string,
  administrator: string,
  others: Others,
): [number, fc.Arbitrary<Step[]>][] {
  const step = factorSteps(person);
  const { requestOtp, enter, login, me, exportMyData } = others;
  const { verifyFactor, stepUpByFactor, factors } = step;
  const app = sureFactor(person);
  const key = surePasskey(person);
  const later = wait(30, 61);
  const half = [requestOtp, enter];
  const signInByKey = [step.passkeySignInOptions, step.signInWithPasskey];
  const addKey = [step.passkeyRegistrationOptions, step.registerPasskey];
  const byFactorKey = [step.passkeyFactorOptions, verifyFactor];
  return [
    ...Object.values(step).map((single): [number, fc.Arbitrary<Step[]>] => [1, inTurn(single)]),
    [8, inTurn(...app, later, ...half, verifyFactor, factors, me, others.sessions)],
    [6, inTurn(...app, later, login, enter, verifyFactor, later, stepUpByFactor, exportMyData)],
    [6, inTurn(...app, later, ...half, ...times(4, step.guessFactor), verifyFactor)],
    [4, inTurn(...app, later, step.enrollTotp, step.confirmTotp, step.renewRecoveryCodes, factors)],
    [4, inTurn(...app, ...half, verifyFactor, step.removeTotp, ...half, factors)],
    [5, inTurn(...app, later, ...half, wait(61, 86_401), step.undoFactorChange, ...half, me)],
    [4, inTurn(...app, ...addKey, ...signInByKey, step.removeTotp, step.removePasskey, factors)],
    [8, inTurn(...key, ...signInByKey, step.passkeys, step.renamePasskey, step.removePasskey)],
    [6, inTurn(...key, ...half, ...byFactorKey, step.passkeyStepUpOptions, stepUpByFactor, me)],
    [
      4,
      inTurn(...key, ...signInByKey, step.signInWithPasskey, step.undoFactorChange, ...signInByKey),
    ],
    [4, inTurn(...app, ...others.moves, wait(1, 601), others.undoChange, ...half, verifyFactor)],
    [
      6,
      inTurn(
        ...[...app, ...sureSignIn(administrator), ...sureAdmin(administrator)],
        ...[step.resetUserFactors, wait(1, 3601), ...half, verifyFactor, factors],
      ),
    ],
    // Each of these reaches a limit, if no other step interferes.
    [2, inTurn(...app, ...half, ...times(3, step.guessFactor), ...half, step.guessFactor)],
    [4, inTurn(...app, ...times(4, step.guessStepUpByFactor))],
    [2, inTurn(...times(6, verifyFactor))],
    [2, inTurn(...app, ...times(6, step.enrollTotp))],
    [3, inTurn(...key, step.passkeySignInOptions, ...times(4, step.refusedPasskey))],
    [2, inTurn(...key, step.removeTotp)],
    [3, inTurn(...key, step.trustedDevices, step.removeTrustedDevice)],
    [2, inTurn(...times(6, step.passkeySignInOptions))],
    [2, inTurn(...times(6, step.signInWithPasskey))],
    [2, inTurn(...sureSignIn(person), ...times(6, step.passkeyRegistrationOptions))],
  ];
}
