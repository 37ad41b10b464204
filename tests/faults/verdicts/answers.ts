import type { Action } from '../action.ts';
import { actions } from '../actions.ts';
import { ANSWER_TIMEOUT } from '../ask.ts';
import { answerOf, describe, type Entry, endOf } from '../ledger.ts';
import type { Effect, Excuse, Timeline } from '../timeline.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Operations that need Redis, for a rate limit or a code. */
const needsRedis = new Set([
  ...['register', 'login', 'requestOtp', 'verifyOtp', 'forgotPassword', 'resetPassword'],
  ...['changePassword', 'requestStepUp', 'stepUp', 'exportMyData', 'unlockUser'],
  ...['changeEmail', 'confirmEmailChange', 'verifyFactor'],
]);
/** Milliseconds after a fault in which clients may still notice it. */
const AFTERMATH = 10_000;
/** A request that was sent so long before a SIGTERM has been accepted. */
const ACCEPTED = 250;

/** Share of the requests. */
const BUSY = 0.01;

const serverGone = ['down', 'draining', 'shifted', 'frozen'] as const;

/** Judges the answers that clients get, and their times. */
export function judgeAnswers({ ledger, timeline, codeLifetime }: Evidence): Verdict[] {
  const { entries, surprises } = ledger;
  const verdict = (rule: string, isBreach: (entry: Entry) => boolean): Verdict => {
    const breaches = entries.filter(isBreach).map(describe);
    return { rule, seen: entries.length, breaches };
  };
  return [
    verdict('every response comes within 10 s', (entry) => isSlow(entry, timeline)),
    verdict('no response is 5xx except 503', ({ status = 0, code }) => {
      return (status >= 500 && status !== 503) || code === 'INTERNAL_SERVER_ERROR';
    }),
    judgeUnexplained(entries, timeline),
    verdict('nothing succeeds without the store that it needs', (entry) =>
      succeedsAlone(entry, timeline),
    ),
    {
      rule: 'every response is one that its action allows',
      seen: entries.length,
      breaches: [
        ...entries.filter((entry) => !isExpected(entry, timeline, codeLifetime)).map(describe),
        ...surprises.map(({ email, what }) => `${email}: ${what}`),
      ],
    },
  ];
}

const touched = ({ at, took, server }: Entry, timeline: Timeline) =>
  timeline.between(at - AFTERMATH, at + took, ...serverGone).filter((incident) => {
    return incident.target === server;
  });

const isSlow = (entry: Entry, timeline: Timeline): boolean =>
  entry.took >= ANSWER_TIMEOUT && touched(entry, timeline).length === 0;

/** A lost connection, or 503, although neither its server nor a store had been touched. */
function judgeUnexplained(entries: readonly Entry[], timeline: Timeline): Verdict {
  const rule = 'no request fails without a fault';
  const lost = entries.filter((entry) => isLost(entry, timeline));
  // A machine that has more to do than it can is no fault of the service, unless it is often.
  const busy = entries.filter((entry) => isUnavailable(entry, timeline));
  const breaches = busy.length > entries.length * BUSY ? [...lost, ...busy] : lost;
  const apart = `${busy.length} were told to retry`;
  return { rule, seen: entries.length, breaches: breaches.map(describe), apart };
}

function isLost(entry: Entry, timeline: Timeline): boolean {
  const { at, outcome, code } = entry;
  const wasAnswered = outcome === 'acknowledged' || outcome === 'refused' || entry.status;
  if (wasAnswered) return false;
  const [first] = touched(entry, timeline);
  if (!first) return true;
  return first.effect === 'draining' && code === 'ECONNRESET' && at < first.begun - ACCEPTED;
}

function isUnavailable(entry: Entry, timeline: Timeline): boolean {
  if (entry.code !== 'UNAVAILABLE' || touched(entry, timeline).length > 0) return false;
  return timeline
    .between(entry.at - AFTERMATH, endOf(entry), 'down', 'full', 'disturbed', 'empty')
    .every(({ target }) => target !== 'PostgreSQL' && target !== 'Redis');
}

function succeedsAlone(entry: Entry, timeline: Timeline): boolean {
  const answer = answerOf(entry);
  // A token that is expired, or from another clock, is refused by what it says of itself.
  if (!answer || answer === 'UNAUTHENTICATED') return false;
  const throughout = (store: string, ...effects: Effect[]) =>
    timeline.throughout(entry.at, endOf(entry), store, ...effects);
  if (throughout('PostgreSQL', 'down')) return true;
  // A full Redis can still tell that a rate limit is exceeded.
  if (answer === 'LOCKED' || answer === 'RATE_LIMITED') return false;
  const { operation } = actions[entry.action];
  // It only deletes. The other one only reads that this client has just redeemed the code.
  const isReadOnly = entry.action === 'codeAgain' && answer === 'INVALID_OTP';
  const effects: Effect[] = operation === 'unlockUser' || isReadOnly ? ['down'] : ['down', 'full'];
  return needsRedis.has(operation) && throughout('Redis', ...effects);
}

function isExpected(entry: Entry, timeline: Timeline, codeLifetime: number): boolean {
  const answer = answerOf(entry);
  const { yields, excused }: Action = actions[entry.action];
  if (!answer || yields[answer]) return true;
  const { by = [] } = (answer !== 'done' && excused?.[answer]) || {};
  return by.some((excuse) => explains[excuse](entry, timeline, codeLifetime));
}

const explains: Readonly<
  Record<Excuse, (entry: Entry, t: Timeline, codeLifetime: number) => boolean>
> = {
  'lost codes': (entry, timeline) => {
    const since = entry.since ?? entry.at;
    return timeline.mayForget(since, since, endOf(entry));
  },
  'expired code': (entry, _timeline, codeLifetime) =>
    endOf(entry) >= (entry.since ?? entry.at) + codeLifetime,
  'another clock': (entry, timeline) =>
    timeline.between(entry.since ?? entry.at, endOf(entry), 'shifted').length > 0,
  // Past the 10 s of the direct parent, or nearly.
  late: (entry) => endOf(entry) - (entry.since ?? entry.at) > 8000,
};
