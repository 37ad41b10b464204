import type { Context } from '../context.ts';
import { type FactorName, factorNames } from '../errors/auth-error.ts';
import type { FactorKind } from '../ports/factor-kind.ts';
import { saveFactorsSince } from './factor-change-statements.ts';

type Part = Pick<Context, 'sql' | 'factorKinds'>;

/** Returns the kinds of factors that an account has, recovery codes included. */
export async function enrolledKinds(
  { sql, factorKinds }: Part,
  accountId: string,
): Promise<FactorKind[]> {
  const kinds: FactorKind[] = [];
  for (const kind of factorKinds) {
    if (await kind.isEnrolled(sql, accountId)) kinds.push(kind);
  }
  return kinds;
}

/** Returns the names of the kinds that an account has, in the order in which errors list them. */
export async function enrolledFactors(ctx: Part, accountId: string): Promise<FactorName[]> {
  const kinds = await enrolledKinds(ctx, accountId);
  return factorNames.filter((name) => kinds.some((kind) => kind.name === name));
}

/** An account whose factors are removed. */
interface Holder {
  readonly id: string;
  factorsSince?: Date | null;
}

/** Removes all factors of a locked account, and its recovery codes. */
export async function removeAllFactors(ctx: Part, account: Holder): Promise<void> {
  for (const kind of ctx.factorKinds) await kind.remove(ctx.sql, account.id, null);
  account.factorsSince = null;
  await ctx.sql.query(saveFactorsSince, [account.id, null]);
}

/** Removes the recovery codes of a locked account that has no factor any more. */
export async function dropBackups(ctx: Part, account: Holder): Promise<void> {
  const left = await enrolledKinds(ctx, account.id);
  if (left.every(({ isBackup }) => isBackup)) await removeAllFactors(ctx, account);
}
