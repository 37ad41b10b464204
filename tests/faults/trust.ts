import type { ActionName } from './actions.ts';
import type { Entry } from './ledger.ts';
import type { SimulatedUser } from './simulated-user.ts';

/** Milliseconds after which a request without an answer has taken effect, or never will. */
const SETTLED = 30_000;

/** The trust in the browser of a user, as its owner knows it. */
export interface Trust {
  /** The value of the cookie. */
  readonly token: string;
  /** The newest session of the browser; undefined if no answer tells. */
  sessionId: string | undefined;
  /** `unsure`: an answer was lost that may have ended it. */
  state: 'live' | 'ended' | 'unsure';
}

/** Actions that end the trust in all devices. */
const ending: readonly ActionName[] = [
  ...(['changePassword', 'reset', 'resetRetry'] as const),
  ...(['confirmTotp', 'removeTotp', 'undoFactor', 'undoEmailChange', 'undoRetry'] as const),
  ...(['disableUser', 'revokeUserSessions', 'deleteUser', 'deleteMyAccount'] as const),
];
/** Actions that replace the device of the browser. */
const trusting: readonly ActionName[] = ['proveTrusting', 'proveTrustingAgain'];
const refreshing: readonly ActionName[] = ['reuse', 'refreshRetry', 'refreshAgain'];

/** Whether an action can end the trust in devices, or a late one the trust that is given meanwhile. */
export const canEnd = (action: ActionName): boolean =>
  [...ending, ...refreshing, 'revokeSession', 'revokeOthers'].includes(action);

/** The trust in a browser whose newest session has just been opened. */
export const newTrust = (
  { devices, unansweredEnd }: Pick<SimulatedUser, 'devices' | 'unansweredEnd'>,
  token: string,
): Trust => ({
  token,
  sessionId: devices.at(-1)?.id,
  state: Date.now() - unansweredEnd > SETTLED ? 'live' : 'unsure',
});

/** Notes what a request has done to a trust. @param sid the session of the access token, if there is one */
export function noteEnd(trust: Trust, entry: Entry, sid: string | undefined): void {
  const { action, outcome, code } = entry;
  const may = mayEnd(trust, entry, sid);
  if (!may || outcome === 'unsent') return;
  if (refreshing.includes(action)) {
    if (outcome === 'acknowledged') return;
    // A late parent counts as used too. Its end also ends what may have been copied with it.
    const isSure = code === 'INVALID_TOKEN' && action === 'reuse' && may === 'surely';
    if (isSure) trust.state = 'ended';
    else if (trust.state === 'live') trust.state = 'unsure';
  } else if (outcome === 'acknowledged' && may === 'surely') trust.state = 'ended';
  else if (outcome !== 'refused' && trust.state === 'live') trust.state = 'unsure';
}

function mayEnd(
  { sessionId }: Trust,
  { action, sessionIds = [] }: Entry,
  sid: string | undefined,
): 'surely' | 'perhaps' | undefined {
  if (ending.includes(action) || trusting.includes(action)) return 'surely';
  const isOwn = sessionId !== undefined && sessionIds.includes(sessionId);
  if (action === 'reuse') return isOwn ? 'surely' : 'perhaps';
  if (refreshing.includes(action)) return 'perhaps';
  if (action !== 'revokeSession' && action !== 'revokeOthers') return undefined;
  if (sessionId === undefined) return 'perhaps';
  return (action === 'revokeSession' ? isOwn : sessionId !== sid) ? 'surely' : undefined;
}
