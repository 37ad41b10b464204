import { randomInt } from 'node:crypto';
import { mailFor, newPassword, untilAnswered } from './code-steps.ts';
import type { Entry } from './ledger.ts';
import { isOpen, isQuiet, stepUp } from './own-account-steps.ts';
import { anyOf } from './password-steps.ts';
import { tryEnded } from './session-steps.ts';
import { settleUndo } from './settle-addresses.ts';
import {
  type AddressChange,
  challengeName,
  type Device,
  newAddressOf,
  type SimulatedUser,
  through,
  type Undo,
} from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Requests of a user that are surely within the limit of an account. */
const MOST_CHANGES = 4;
/** Milliseconds after which a request without an answer has taken effect, or never will. */
const SETTLED = 30_000;

/** Requests a change and, if the code arrives, mostly confirms it. */
async function changeEmail(user: SimulatedUser): Promise<void> {
  const device = anyOf(user.live);
  if (!(await stepUp(user, device))) return;
  const to = newAddressOf(user);
  const change: AddressChange = { from: user.email, to };
  user.changes.push(change);
  const since = Date.now();
  const also = [{ action: 'codeForNewAddress', email: to }] as const;
  const request = { input: { newEmail: to }, ...through(device), also };
  const { outcome, data } = await user.do('changeEmail', request);
  if (outcome !== 'acknowledged') return;
  const challengeId = String(data.challengeId);
  const pending = { purpose: 'CHANGE_EMAIL', to, challengeId, since } as const;
  const mail = await mailFor(user, { ...pending, gone: 0, byPassword: false });
  if (!mail?.code || randomInt(6) === 0) return;
  await confirm(user, device, change, { otp: mail.code, challengeId }, since);
}

async function confirm(
  user: SimulatedUser,
  device: Device,
  change: AddressChange,
  input: { readonly otp: string; readonly challengeId: string },
  since: number,
): Promise<void> {
  const { bearer, told } = through(device);
  const request = {
    ...{ input, bearer, email: change.to },
    told: { ...told, challenge: challengeName(input.challengeId), since },
    also: [{ action: 'noticeOfChange', email: change.from }],
  } as const;
  const lost: Entry[] = [];
  const answers = await untilAnswered(user, async (again) => {
    const answer = await user.do(again ? 'confirmRetry' : 'confirmEmailChange', request);
    if (answer.outcome === 'unknown' && user.last) lost.push(user.last);
    return answer;
  });
  if (answers.at(-1)?.outcome !== 'acknowledged') {
    if (lost.length > 0) Object.assign(change, { changed: 'unsure', lost });
    user.over ||= lost.length > 0;
    return;
  }
  change.changed = Date.now();
  // A code works once.
  for (const entry of lost) entry.effect = 'failed';
  user.email = change.to;
  if (randomInt(3) === 0) {
    const { also: _, ...again } = request;
    await user.do('confirmAgain', again);
    user.wrongCodes += 1;
  }
}

/** Mails to the old address of a change that have a secret to undo it. */
const undoMails = ({ world }: SimulatedUser, { from, to }: AddressChange) =>
  world.mailSink
    .mailsTo(from)
    .filter(({ undoSecret, addresses }) => undoSecret && addresses.includes(to));

const undoable = (user: SimulatedUser) =>
  user.changes.filter((change) => !change.ended && undoMails(user, change).length > 0);

/** Undoes a change, or a request for one, with a mailed secret: again, where no answer comes. */
async function undo(user: SimulatedUser): Promise<void> {
  const change = anyOf(undoable(user));
  const { undoSecret: secret } = anyOf(undoMails(user, change));
  const { email: from } = user;
  const { from: to } = change;
  const started = Date.now();
  const also = from === to ? [] : ([{ action: 'noticeOfUndo', email: from }] as const);
  const request = { input: { secret }, email: to, also };
  const lost: Entry[] = [];
  const answers = await untilAnswered(user, async (again) => {
    const answer = await user.do(again ? 'undoRetry' : 'undoEmailChange', request);
    if (answer.outcome === 'unknown' && user.last) lost.push(user.last);
    return answer;
  });
  const outcome = answers.at(-1)?.outcome;
  if (outcome === 'unsent' && lost.length === 0) return;
  const isSure = outcome === 'acknowledged' || outcome === 'refused';
  const done: Undo = { from, to, happened: isSure || undefined, lost };
  user.undos.push(done);
  const index = user.changes.indexOf(change);
  for (const [at, other] of user.changes.entries()) {
    if (at >= index || other.from === to) other.ended ??= started;
  }
  const { live } = user;
  if (!isSure) {
    user.over = true;
    user.password.doubted.push(undefined);
    for (const device of live) device.state = 'unsure';
    return;
  }
  // A secret works once: a refusal shows that a lost request undid the change.
  settleUndo(user, done, outcome === 'refused');
  if (live[0]) await tryEnded(user, live[0]);
  if (randomInt(3) === 0) await user.do('undoAgain', { input: { secret }, email: to });
}

/** Requests a code at an address that was given up, or registers it. */
async function useFormerAddress(user: SimulatedUser): Promise<void> {
  const { from: email } = anyOf(user.changes.filter(isOpen));
  if (randomInt(2) === 0) await user.do('requestAtFormerAddress', { input: { email }, email });
  else {
    const input = { email, password: newPassword(), firstName: 'Eve' };
    await user.do('registerFormerAddress', { input, email });
  }
}

/** Whether everything is known, and no request can still take effect at another address. */
const isStill = (user: SimulatedUser): boolean =>
  isQuiet(user) && Date.now() - user.unanswered > SETTLED;

/** Changes of the address, and their undo by its owner. */
export const addressSteps: readonly Step[] = [
  {
    weight: 6,
    when: (user) =>
      user.live.length > 0 &&
      user.changes.length < MOST_CHANGES &&
      user.enrolments === 0 &&
      isStill(user),
    take: changeEmail,
  },
  { weight: 4, when: (user) => isStill(user) && undoable(user).length > 0, take: undo },
  { weight: 1, when: ({ changes }) => changes.some(isOpen), take: useFormerAddress },
];
