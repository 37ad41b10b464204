import type { AuditEventName } from '#src/audit/event-types.ts';
import { pseudonymOf } from '#src/audit/pseudonym.ts';
import type { Action } from '../action.ts';
import { actions, toldApartBy } from '../actions.ts';
import { describe, type Entry, effectOf, effectsOf } from '../ledger.ts';
import { challengeName } from '../simulated-user.ts';
import type { EventRow } from '../state.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Audit rows that one address must have. */
interface Expectation {
  /** By event and what tells its rows apart: the entries that must have made one row each. */
  readonly certain: Map<string, Entry[]>;
  /** By event: how many rows more there may be. */
  readonly possible: Map<string, number>;
}

/** Every acknowledged operation has its audit rows, once. */
export function judgeAudit({ ledger, state }: Evidence): Verdict[] {
  // Rows of a deleted user have another address.
  const deleted = ledger.users.flatMap((user) => (user.deleted ? [user] : []));
  const owners = new Map(
    deleted.flatMap(({ deleted: account, addresses, email }) =>
      [pseudonymOf(account?.id ?? ''), ...addresses].map((address) => [address, email] as const),
    ),
  );
  const erased = new Set(owners.values());
  const ownerOf = ({ email }: { readonly email: string }) => owners.get(email) ?? email;
  const entries = Map.groupBy(ledger.entries.flatMap(effectsOf), ownerOf);
  const rows = Map.groupBy(state.events, ownerOf);
  const missing: string[] = [];
  const surplus: string[] = [];
  let certain = 0;
  for (const email of new Set([...entries.keys(), ...rows.keys()])) {
    // An erased row contains no metadata.
    const isErased = erased.has(email);
    const own = (rows.get(email) ?? []).map((row) => (isErased ? { ...row, metadata: {} } : row));
    const expected = expectationOf(entries.get(email) ?? [], isErased);
    certain += [...expected.certain.values()].flat().length;
    missing.push(...missingOf(expected, own, isErased));
    surplus.push(...surplusOf(email, expected, own, isErased));
  }
  return [
    { rule: 'no audit row is missing', seen: certain, breaches: missing },
    { rule: 'no audit row is duplicated', seen: state.events.length, breaches: surplus },
  ];
}

function expectationOf(entries: readonly Entry[], isErased: boolean): Expectation {
  const certain = new Map<string, Entry[]>();
  const possible = new Map<string, number>();
  for (const entry of entries) {
    const sure = sureEvents(entry);
    for (const key of (sure ?? []).flatMap((event) => keysOf(event, entry, isErased))) {
      certain.set(key, [...(certain.get(key) ?? []), entry]);
    }
    const rows = entry.sessionIds?.length ?? 1;
    for (const event of sure ? [] : eventsThatMayBe(entry)) {
      possible.set(event, (possible.get(event) ?? 0) + rows);
    }
  }
  return { certain, possible };
}

/** Returns the events of an expected answer, or undefined for any other answer. */
function sureEvents(entry: Entry): readonly AuditEventName[] | undefined {
  const answer = effectOf(entry);
  const { yields }: Action = actions[entry.action];
  return answer && (entry.further ? ['TOKEN_REFRESHED'] : yields[answer]);
}

/** Returns the possible events of an action with an unknown or unexpected answer. */
function eventsThatMayBe({
  action,
  outcome,
  absorbed,
  effect,
}: Entry): ReadonlySet<AuditEventName> {
  if (outcome === 'unsent' || absorbed) return new Set();
  const { yields, excused = {} }: Action = actions[action];
  const afterFaults = Object.values(excused).flatMap(({ events }) => events);
  const { done = [], ...refused } = yields;
  const ofSuccess = effect === 'failed' ? [] : done;
  return new Set([...ofSuccess, ...Object.values(refused).flat(), ...afterFaults]);
}

function keysOf(
  event: AuditEventName,
  { challenge, sessionIds }: Entry,
  isErased: boolean,
): string[] {
  const by = toldApartBy[event];
  if (by === 'sessionId')
    return (sessionIds ?? []).map((id) => (isErased ? event : `${event} ${id}`));
  if (isErased) return [event];
  return [by === 'challenge' ? `${event} ${challenge}` : event];
}

function keyOf({ event, metadata }: EventRow, isErased: boolean): string {
  const by = isErased ? undefined : toldApartBy[event as AuditEventName];
  if (!by) return event;
  const name = metadata[by];
  return `${event} ${by === 'challenge' && typeof name === 'string' ? challengeName(name) : String(name)}`;
}

function missingOf({ certain }: Expectation, rows: readonly EventRow[], isErased: boolean) {
  const found = Map.groupBy(rows, (row) => keyOf(row, isErased));
  return [...certain].flatMap(([key, entries]) => {
    const count = found.get(key)?.length ?? 0;
    if (count >= entries.length) return [];
    return [`${key}: ${count} of ${entries.length} rows; ${entries.map(describe).join('; ')}`];
  });
}

/** A code is redeemed once, and a session ends once, whatever is not known. */
const once =
  /^(OTP_(REQUESTED|VERIFIED)|FACTOR_VERIFIED(?= \d)|PASSWORD_RESET(_REQUESTED)?|TOKEN_REUSED|SESSION_REVOKED|LOGGED_OUT|EMAIL_CHANGED) /;

function surplusOf(
  email: string,
  { certain, possible }: Expectation,
  rows: readonly EventRow[],
  isErased: boolean,
) {
  const left = new Map(possible);
  return [...Map.groupBy(rows, (row) => keyOf(row, isErased))].flatMap(([key, found]) => {
    const event = found[0]?.event ?? '';
    const more = found.length - (certain.get(key)?.length ?? 0);
    const allowed = left.get(event) ?? 0;
    left.set(event, allowed - Math.max(0, more));
    if (more <= allowed && !(found.length > 1 && once.test(key))) return [];
    return [`${email} has ${found.length} rows ${key}, ${more} more than acknowledged`];
  });
}
