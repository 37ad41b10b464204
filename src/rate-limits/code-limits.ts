import type { Context } from '../context.ts';
import type { ChallengePurpose } from '../ports/challenge-store.ts';
import type { RateLimit } from '../ports/rate-limits.ts';

/** Returns the limits on mailed codes of one purpose and address, per known or unknown clients. */
export function mailedCodes(
  { config }: Context,
  purpose: ChallengePurpose,
  known: boolean,
): RateLimit[] {
  const subject = `${purpose} ${known ? 'known' : 'unknown'}`;
  return [
    { name: 'mailedCodes', subject, kind: 'shared', ...config.mailedCodes },
    { name: 'mailedCodesADay', subject, kind: 'shared', ...config.mailedCodesADay },
  ];
}

/** Returns the limits on mails of any kind to one mailbox that unknown clients request. */
export function mailboxMails({ config }: Context): RateLimit[] {
  return [
    { name: 'mailbox', subject: '', kind: 'shared', ...config.mailbox },
    { name: 'mailboxADay', subject: '', kind: 'shared', ...config.mailboxADay },
  ];
}

/**
 * Returns the limits on wrong codes: those of the client, over all codes and purposes of an
 * address, and those of all unknown clients together if no challenge is named.
 */
export function wrongCodes(
  { config, client }: Context,
  { known, challengeId }: { readonly known: boolean; readonly challengeId: string | null },
): RateLimit[] {
  const own = {
    name: 'wrongCodes',
    subject: client.prefix,
    kind: known ? 'own' : 'evictable',
    ...config.wrongCodes,
  } as const;
  if (known || challengeId !== null) return [own];
  const together = { subject: 'unknown', kind: 'shared' } as const;
  return [
    own,
    { name: 'wrongCodesOfUnknown', ...together, ...config.wrongCodesOfUnknown },
    { name: 'wrongCodesOfUnknownADay', ...together, ...config.wrongCodesOfUnknownADay },
  ];
}
