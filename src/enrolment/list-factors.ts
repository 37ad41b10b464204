import type { Context } from '../context.ts';
import type { FactorName } from '../errors/auth-error.ts';
import { enrolledFactors } from '../factors/enrolled-factors.ts';
import { countRecoveryCodes } from '../factors/recovery-codes.ts';

/** The second factors of an account. */
export interface OwnFactors {
  readonly kinds: readonly FactorName[];
  readonly recoveryCodesLeft: number;
}

/** Returns the kinds of factors of an account, and how many recovery codes it has left. */
export const listFactors = async (ctx: Context, accountId: string): Promise<OwnFactors> => ({
  kinds: await enrolledFactors(ctx, accountId),
  recoveryCodesLeft: await countRecoveryCodes(ctx.sql, accountId),
});
