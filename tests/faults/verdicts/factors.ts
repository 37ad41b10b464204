import { deviceHash } from '#src/trusted-devices/device-token.ts';
import { describe } from '../ledger.ts';
import type { SimulatedUser } from '../simulated-user.ts';
import type { State } from '../state.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Checks that no acknowledged factor is lost, and that no proof works twice. */
export function judgeFactors({ ledger, state }: Evidence): Verdict[] {
  const owners = ledger.users.filter(
    ({ exists, deleted, enrolments, isFactorSure }) =>
      exists && !deleted && enrolments > 0 && isFactorSure,
  );
  const browsers = ledger.users.filter(({ trust }) => trust && trust.state !== 'unsure');
  const proofs = Map.groupBy(
    ledger.entries.filter(({ proof }) => proof !== undefined),
    ({ email, proof }) => `${email} ${proof}`,
  );
  const twice = [...proofs.values()]
    .map((entries) => entries.filter(({ outcome }) => outcome === 'acknowledged'))
    .filter((entries) => entries.length > 1);
  return [
    {
      rule: 'an acknowledged factor is there, and a removed one is not',
      seen: owners.length,
      breaches: owners.flatMap((user) => factorBreach(user, state)),
    },
    {
      rule: 'an acknowledged trusted device is there, and an ended one is not',
      seen: browsers.length,
      breaches: browsers.flatMap((user) => trustBreach(user, state)),
    },
    {
      rule: 'no proof of a factor works twice',
      seen: proofs.size,
      breaches: twice.map((entries) => entries.map(describe).join('; and ')),
    },
  ];
}

function trustBreach({ email, trust }: SimulatedUser, { devices }: State): string[] {
  const owner = devices.get(deviceHash(trust?.token ?? ''));
  if (trust?.state === 'ended') return owner ? [`${owner} trusts a browser that it removed`] : [];
  return owner === email ? [] : [`${email} has lost a trusted device`];
}

function factorBreach({ email, factor }: SimulatedUser, { factors }: State): string[] {
  const row = factors.get(email);
  if (!row) return [`${email} has no account`];
  const { hasApp, isProtected, codes } = row;
  const is = `is ${hasApp ? 'an' : 'no'} app, ${isProtected ? 'needed' : 'not needed'}`;
  const isEnrolled = factor !== undefined;
  if (hasApp !== isEnrolled || isProtected !== isEnrolled) return [`${email}: there ${is}`];
  const { codes: unused = [], doubted = 0 } = factor ?? {};
  const most = unused.length + doubted;
  if (codes >= unused.length && codes <= most) return [];
  return [`${email} has ${codes} recovery codes left, not ${unused.length} to ${most}`];
}
