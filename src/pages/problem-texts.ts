import { maxHeaderSize } from 'node:http';
import type { Config } from '../config/load-config.ts';
import { STEP_UP_LIFETIME } from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { timeouts } from '../http/connections.ts';
import { MAX_BODY } from '../http/json-body.ts';
import type { Limit } from '../ports/rate-limits.ts';
import { ACCESS_LIFETIME, IDLE_LIFETIME, SESSION_LIFETIME } from '../ports/tokens.ts';
import { readAsset } from './assets.ts';

/** Explanation of a problem type. Names of the API stand in backticks. */
export type ProblemText = Readonly<Record<'cause' | 'cure', string>>;

const template = readAsset(new URL('problem-texts.md', import.meta.url));

/** Reads the text of each problem type, with the values of the settings. */
export function readProblemTexts(config: Config): Readonly<Record<ProblemName, ProblemText>> {
  const values = valuesOf(config);
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: keyof typeof values) => values[name]);
  const sections = [...filled.matchAll(/^## (\S+)\n(.+)\n\n(.+)$/gm)];
  const texts = sections.map(([, name = '', cause = '', cure = '']) => [name, { cause, cure }]);
  return Object.fromEntries(texts) as Record<ProblemName, ProblemText>;
}

const valuesOf = (config: Config) => ({
  accessLifetime: duration(ACCESS_LIFETIME),
  idleLifetime: duration(IDLE_LIFETIME),
  sessionLifetime: duration(SESSION_LIFETIME),
  stepUpLifetime: duration(STEP_UP_LIFETIME),
  otpLifetime: duration(config.otpTtl),
  wrongPasswords: rate(config.wrongPasswords),
  wrongCodes: rate(config.wrongCodes),
  mailedCodes: rate(config.mailedCodes),
  mailedCodesADay: rate(config.mailedCodesADay),
  headersTimeout: duration(timeouts.headersTimeout / 1000),
  requestTimeout: duration(timeouts.requestTimeout / 1000),
  maxBody: MAX_BODY.toLocaleString('en'),
  maxHeaders: `${maxHeaderSize / 1024} KiB`,
});

const rate = ({ max, seconds }: Limit): string => `${max} in ${duration(seconds)}`;

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** Writes a duration in the largest unit that divides it, as in `15 minutes`. */
function duration(seconds: number): string {
  const [unit, length] = units.find(([, length]) => seconds % length === 0) ?? ['second', 1];
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return (seconds / length).toLocaleString('en', style);
}
