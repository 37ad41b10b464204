import type { Config } from '../config/load-config.ts';
import type { Context } from '../context.ts';
import { NotStarted, OverloadedError } from '../errors/overloaded.ts';
import type { MailLimits, NewChallenge } from '../ports/challenge-store.ts';
import type { Limit, RateLimit } from '../ports/rate-limits.ts';
import { reject } from './reject.ts';

type LimitName = {
  [Name in keyof Config]: Config[Name] extends Limit ? Name : never;
}[keyof Config];

const limits = (
  { config }: Context,
  names: readonly LimitName[],
  subject: string,
  kind: RateLimit['kind'] = 'shared',
): RateLimit[] => names.map((name) => ({ name, subject, kind, ...config[name] }));

const ofClient = (ctx: Context, name: LimitName, known: boolean): RateLimit[] =>
  limits(ctx, [name], ctx.client.prefix, known ? 'own' : 'evictable');

/** Returns the limits on wrong passwords: of the client, and of all unknown clients together. */
export function wrongPasswords(ctx: Context, known: boolean): RateLimit[] {
  const together = known ? [] : limits(ctx, ['wrongPasswordsOfUnknown'], 'unknown');
  return [...ofClient(ctx, 'wrongPasswords', known), ...together];
}

/** Returns the limit on refused uses of passkeys of one client. They cannot be guessed. */
export const wrongPasskeys = (ctx: Context, known: boolean): RateLimit[] =>
  ofClient(ctx, 'wrongPasskeys', known);

/**
 * Returns the limits on wrong codes: of the client and, unless a challenge is named, of all unknown
 * clients together.
 */
export function wrongCodes(
  ctx: Context,
  { known, challengeId }: { readonly known: boolean; readonly challengeId: string | null },
): RateLimit[] {
  const own = ofClient(ctx, 'wrongCodes', known);
  if (known || challengeId !== null) return own;
  return [...own, ...limits(ctx, ['wrongCodesOfUnknown', 'wrongCodesOfUnknownADay'], 'unknown')];
}

/** Returns the limit on wrong codes of authenticator apps, per known or unknown clients together. */
export const wrongFactors = (ctx: Context, known: boolean): RateLimit[] =>
  limits(ctx, ['wrongFactors'], known ? 'known' : 'unknown');

/** Returns the limit on exports of one account, from all clients. */
export const exportsOfAddress = (ctx: Context): RateLimit[] => limits(ctx, ['exports'], 'account');

/**
 * Returns the limits on mailed codes of one purpose and address, per known or unknown clients, and on
 * mails of any kind to the mailbox. Known clients have none of the mailbox.
 */
export function mailLimits(
  ctx: Context,
  { purpose, known }: Pick<NewChallenge, 'purpose' | 'known'>,
): MailLimits {
  const subject = `${purpose} ${known ? 'known' : 'unknown'}`;
  const ofMailbox = known ? [] : limits(ctx, ['mailbox', 'mailboxADay'], '');
  return {
    address: limits(ctx, ['mailedCodes', 'mailedCodesADay'], subject),
    mailbox: ofMailbox,
  };
}

/**
 * Limits how much of Redis unknown clients can fill: by addresses per network, and in total. Runs
 * before any state about the address is stored.
 */
export async function admitUnknown(ctx: Context, email: string): Promise<void> {
  if (!(await ctx.rateLimits.hasRoom())) throw new OverloadedError(5);
  const exceeded = await ctx.rateLimits.touch(email, ctx.client.networks);
  if (!exceeded) return;
  // NotStarted refunds the limit of the field.
  await reject(ctx, 'RATE_LIMITED', email, exceeded).catch((cause) => {
    throw new NotStarted('The network exceeded its limit on distinct e-mail addresses.', { cause });
  });
}
