import type { SimulatedUser } from '../simulated-user.ts';
import type { EventRow, State } from '../state.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Checks that changes of an address, and their undo, happen as a whole, once or not at all. */
export function judgeAddresses({ ledger, state, mailSink }: Evidence): Verdict[] {
  const movers = ledger.users.filter(({ changes }) => changes.length > 0);
  const changes = movers.flatMap((user) => user.changes);
  const undos = movers.flatMap((user) => user.undos);
  return [
    {
      rule: 'an account has exactly one of its addresses',
      seen: changes.length,
      breaches: movers.flatMap((user) => addressBreach(user, state)),
    },
    {
      rule: 'a change or undo of an address is recorded once, if it happened',
      seen: changes.filter(({ changed }) => changed).length + undos.length,
      breaches: movers.filter(({ deleted }) => !deleted).flatMap((user) => miscounts(user, state)),
      apart: `${undos.length} undos`,
    },
    {
      rule: 'a former address gets no code',
      seen: ledger.entries.filter(({ action }) => action.endsWith('FormerAddress')).length,
      breaches: changes.flatMap(({ from, changed, ended = Infinity }) => {
        if (typeof changed !== 'number') return [];
        const codes = mailSink.mailsTo(from).filter(({ code }) => code);
        const first = new Map(codes.toReversed().map((mail) => [mail.messageId, mail]));
        return [...first.values()]
          .filter(({ at }) => at > changed && at < ended)
          .map(({ at, subject }) => `${from} got “${subject}” at ${new Date(at).toISOString()}`);
      }),
    },
  ];
}

function addressBreach(user: SimulatedUser, { accounts }: State): string[] {
  const { addresses, deleted, email, id, password } = user;
  if (deleted && !deleted.isSure) return [];
  const found = addresses.filter((address) => accounts.has(address));
  const expected = deleted ? [] : [email];
  const breaches: string[] = [];
  if (found.join() !== expected.join()) breaches.push(`${email}: accounts at ${found.join(', ')}`);
  const account = accounts.get(email);
  if (account && account.id !== id) breaches.push(`${email} has another account`);
  const hasNone = password.isSure && password.value === undefined;
  if (hasNone && account?.passwordHash) breaches.push(`${email} has a password again`);
  return breaches;
}

/** Changes and undos whose audit rows are not as many as happened. */
function miscounts({ changes, undos }: SimulatedUser, { events }: State): string[] {
  const count = (event: string, from: string, to: string) =>
    events.filter((row) => row.event === event && leads(row, from, to)).length;
  return [
    ...changes
      .filter(({ from, to, changed }) => count('EMAIL_CHANGED', from, to) !== (changed ? 1 : 0))
      .map(({ from, to }) => `the change from ${from} to ${to}`),
    ...undos.flatMap(({ from, to }) => {
      const same = undos.filter((other) => other.from === from && other.to === to);
      const least = same.filter(({ happened }) => happened).length;
      const most = same.filter(({ happened }) => happened !== false).length;
      const rows = count('EMAIL_CHANGE_UNDONE', from, to);
      return rows >= least && rows <= most ? [] : [`the undo from ${from} to ${to}: ${rows} rows`];
    }),
  ];
}

const leads = ({ metadata }: EventRow, from: string, to: string): boolean =>
  metadata.from === from && metadata.to === to;
