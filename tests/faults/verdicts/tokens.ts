import { describe, type Entry } from '../ledger.ts';
import type { Evidence, Verdict } from '../verdict.ts';

const redeeming: ReadonlySet<string> = new Set([
  ...['verify', 'verifyDropping', 'verifyRace', 'verifyRetry', 'codeAgain'],
  ...['reset', 'resetRetry', 'resetCodeAgain'],
  ...['verifyHalf', 'verifyHalfRetry', 'verifyTrusted', 'verifyTrustedRetry'],
  ...['verifyUnsure', 'verifyUnsureRetry'],
  ...['confirmEmailChange', 'confirmRetry', 'confirmAgain'],
]);
const spent = new Set(['reuse', 'refreshEnded', 'meEnded']);

const isRight = ({ outcome, code }: Entry): boolean =>
  outcome === 'acknowledged' || code === 'MFA_REQUIRED';

/** Codes that worked twice, and spent tokens that lived again: none. */
export function judgeTokens({ ledger }: Evidence): Verdict[] {
  const redemptions = Map.groupBy(
    ledger.entries.filter(({ action, challenge }) => redeeming.has(action) && challenge),
    ({ email, challenge }) => `${email} ${challenge}`,
  );
  const twice = [...redemptions.values()]
    .map((entries) => entries.filter(isRight))
    .filter((entries) => entries.length > 1);
  const again = ledger.entries.filter(({ action }) => spent.has(action));
  const lived = again.filter(({ outcome }) => outcome === 'acknowledged');
  return [
    {
      rule: 'no code works twice',
      seen: redemptions.size,
      breaches: twice.map((entries) => entries.map(describe).join('; and ')),
    },
    {
      rule: 'no used token works again',
      seen: again.length,
      breaches: lived.map((entry: Entry) => describe(entry)),
    },
  ];
}
