import { addressLimits, clientLimits } from '#src/config/limits.ts';
import { limits } from './replica.ts';
import type { RedisRow, State } from './state.ts';

/** Every limit, by its name in the configuration. */
export const everyLimit: readonly string[] = Object.keys({ ...clientLimits, ...addressLimits });

/** Limits that leave nothing behind: the answers alone tell of them. */
const limitsOfAnswers: Readonly<Record<string, string>> = {
  'me: RATE_LIMITED': 'requests',
  'refreshTokens: RATE_LIMITED': 'refreshes',
  'changePassword: RATE_LIMITED': 'passwordChanges',
  'stepUp: RATE_LIMITED': 'stepUps',
  'exportMyData: RATE_LIMITED': 'exports',
  'confirmEmailChange: RATE_LIMITED': 'confirmations',
  'undoEmailChange: RATE_LIMITED': 'undos',
  'verifyFactor: RATE_LIMITED': 'factorProofs',
  'enrollTotp: RATE_LIMITED': 'factorChanges',
  'passkeySignInOptions: RATE_LIMITED': 'passkeyOptions',
  'signInWithPasskey: RATE_LIMITED': 'passkeySignIns',
  'passkeyRegistrationOptions: RATE_LIMITED': 'passkeyChanges',
  'enableUser: RATE_LIMITED': 'administration',
};

/** The limits that a script has met, by what it leaves behind. */
export const limitsMet = ({ audit, redis }: State): string[] => [
  ...audit.flatMap(({ metadata }) => metadata.limit ?? []),
  ...redis.flatMap(limitsIn),
];

/** The limits that an answer tells of, like `login: LOCKED`. */
export const limitOf = (outcome: string): string | undefined => limitsOfAnswers[outcome];

const guesses = [
  { way: ' withId', limit: 'guessesWithId', max: limits.LIMIT_GUESSES },
  { way: ' withoutId', limit: 'guessesWithoutId', max: limits.LIMIT_GUESSES_WITHOUT_ID },
];

/** Guesses that a challenge has refused. It answers as if the code were wrong. */
function limitsIn({ value }: RedisRow): string[] {
  const fields = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return fields.flatMap(([field, count]) => {
    const met = guesses.filter(
      ({ way, max }) => field.endsWith(way) && Number(count) > Number(max),
    );
    return met.map(({ limit }) => limit);
  });
}
