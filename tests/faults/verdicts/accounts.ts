import { verify } from 'argon2';
import type { SimulatedUser } from '../simulated-user.ts';
import type { State } from '../state.ts';
import type { Evidence, Verdict } from '../verdict.ts';

/** Acknowledged registrations, names and passwords are there. */
export async function judgeAccounts({ ledger, state }: Evidence): Promise<Verdict[]> {
  const users = ledger.users.filter(({ exists }) => exists);
  const deleted = ledger.users.filter((user) => user.deleted?.isSure);
  const missing = users.filter(({ email }) => !state.accounts.has(email));
  const wrongNames = users.flatMap((user) => nameBreach(user, state));
  const withPassword = users.filter(({ password }) => password.value !== undefined);
  const wrongPasswords: string[] = [];
  for (const user of withPassword) wrongPasswords.push(...(await passwordBreach(user, state)));
  return [
    {
      rule: 'an acknowledged registration is there',
      seen: users.length,
      breaches: missing.map(({ email }) => `${email} has no account`),
    },
    {
      rule: 'an acknowledged deletion removed the account',
      seen: deleted.length,
      breaches: deleted
        .filter(({ email }) => state.accounts.has(email))
        .map(({ email }) => `${email} has an account`),
    },
    {
      rule: 'the newest acknowledged names are there',
      seen: users.length,
      breaches: wrongNames,
    },
    {
      rule: 'the newest acknowledged password works',
      seen: withPassword.length,
      breaches: wrongPasswords,
    },
  ];
}

function nameBreach({ email, names }: SimulatedUser, { accounts }: State): string[] {
  const row = accounts.get(email);
  if (!row) return [];
  const possible = [names.value, ...names.doubted];
  if (row.firstName === row.lastName && possible.includes(row.firstName)) return [];
  return [`${email} is called ${row.firstName} ${row.lastName}, not ${possible.join(' or ')}`];
}

async function passwordBreach(
  { email, password }: SimulatedUser,
  { accounts }: State,
): Promise<string[]> {
  const hash = accounts.get(email)?.passwordHash;
  for (const possible of [password.value, ...password.doubted]) {
    const isIt = possible === undefined ? !hash : hash && (await verify(hash, possible));
    if (isIt) return [];
  }
  return [`${email} cannot sign in with the newest acknowledged password`];
}
