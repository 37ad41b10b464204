import type { Context } from '../context.ts';
import type { Budget, ChallengePurpose } from '../ports.ts';

/** Mails with codes of one purpose to one address. */
export function mailedCodes({ config }: Context, purpose: ChallengePurpose): Budget[] {
  return [
    { name: 'mailedCodes', subject: purpose, ...config.mailedCodes },
    { name: 'mailedCodesADay', subject: purpose, ...config.mailedCodesADay },
  ];
}

/** Wrong codes of the asking client, over all codes and purposes of an address. */
export function wrongCodes({ config, client }: Context): Budget[] {
  return [{ name: 'wrongCodes', subject: client.prefix, ...config.wrongCodes }];
}
