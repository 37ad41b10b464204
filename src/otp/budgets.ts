import type { Context } from '../context.ts';
import type { Budget, ChallengePurpose } from '../ports.ts';

/** Mails with codes of one purpose to one address, for known clients apart from strangers. */
export function mailedCodes(
  { config }: Context,
  purpose: ChallengePurpose,
  known: boolean,
): Budget[] {
  const subject = `${purpose} ${known ? 'known' : 'strangers'}`;
  return [
    { name: 'mailedCodes', subject, shared: true, ...config.mailedCodes },
    { name: 'mailedCodesADay', subject, shared: true, ...config.mailedCodesADay },
  ];
}

/**
 * Wrong codes of the asking client, over all codes and purposes of an address; and of all strangers
 * together, as far as they do not name a challenge.
 */
export function wrongCodes(
  { config, client }: Context,
  { known, challengeId }: { readonly known: boolean; readonly challengeId: string | null },
): Budget[] {
  const own = { name: 'wrongCodes', subject: client.prefix, ...config.wrongCodes };
  if (known || challengeId !== null) return [own];
  const together = { subject: 'strangers', shared: true } as const;
  return [
    own,
    { name: 'wrongCodesOfStrangers', ...together, ...config.wrongCodesOfStrangers },
    { name: 'wrongCodesOfStrangersADay', ...together, ...config.wrongCodesOfStrangersADay },
  ];
}
