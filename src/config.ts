import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { type Environment, type Setting, settings } from './settings.ts';

type Rows = typeof settings;
type Values = { readonly [Key in keyof Rows]: Value<Rows[Key]> };
type Value<Row extends Setting> = Row extends { fallback: unknown } | { required: true }
  ? z.output<Row['shape']>
  : z.output<Row['shape']> | undefined;

/** The settings of one process: read once, checked, frozen. */
export interface Config extends Omit<Values, 'queueRedisUrl' | 'tokenIssuer' | 'tokenAudience'> {
  readonly environment: Environment;
  /** Size of libuv's thread pool, as Node itself reads it. */
  readonly threads: number;
  /** `PUBLIC_URL`, where it does not come from its default. */
  readonly givenPublicUrl: string | undefined;
  readonly queueRedisUrl: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
}

/** Environment variables by name; an empty text counts as unset. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A setting is missing or wrong. The message is one line that names each variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings out of `variables`.
 *
 * @param usual the environment where `NODE_ENV` (and the replaced service's `DEBUG`) do not say.
 * @param needed settings that may not be missing; all unless given
 * @throws ConfigError naming every variable that is missing or wrong
 */
export function readConfig<Key extends keyof Config = keyof Config>(
  variables: Variables,
  usual: Environment,
  needed?: readonly Key[],
): Pick<Config, Key> {
  const environment = environmentOf(variables, usual);
  const given = withFormerNames(variables);
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries<Setting>(settings).map(([key, row]) => {
      const text = given[row.variable] || fallbackOf(row, environment, given);
      if (text === undefined) {
        const isNeeded = needed?.some((name) => name === key) ?? true;
        if (isNeeded && (row.required === true || row.required === environment)) {
          problems.push(`${row.variable} is missing: it must be ${row.must}`);
        }
        return [key, undefined];
      }
      // A developer's machine may keep the short secret of an old .env file.
      if (key === 'secretKey' && environment === 'development') return [key, text];
      const parsed = row.shape.safeParse(text);
      if (!parsed.success) problems.push(`${row.variable} must be ${row.must}`);
      return [key, parsed.data];
    }),
  ) as unknown as Values;
  if (problems.length > 0) throw new ConfigError(problems.join('; '));
  return Object.freeze({
    ...values,
    environment,
    threads: Number(variables.UV_THREADPOOL_SIZE) || 4,
    givenPublicUrl: given.PUBLIC_URL ? values.publicUrl : undefined,
    queueRedisUrl: values.queueRedisUrl ?? values.redisUrl,
    tokenIssuer: values.tokenIssuer ?? values.publicUrl,
    tokenAudience: values.tokenAudience ?? values.publicUrl,
  });
}

/** The settings of this process: its environment, then the file `.env` in the working directory. */
export function loadConfig(usual: Environment): Config {
  return readConfig(environmentVariables(), usual);
}

/** What the process was given, `.env` included; real variables win, and empty ones do not count. */
export function environmentVariables(): Record<string, string | undefined> {
  return { ...definedOnly(dotEnv()), ...definedOnly(process.env) };
}

const definedOnly = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value));

function dotEnv(): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError(`.env cannot be read: ${(error as Error).message}`);
  }
}

function environmentOf(variables: Variables, usual: Environment): Environment {
  const { NODE_ENV, DEBUG } = variables;
  if (NODE_ENV) {
    if (NODE_ENV === 'production' || NODE_ENV === 'development') return NODE_ENV;
    throw new ConfigError('NODE_ENV must be `production` or `development`');
  }
  if (/^(true|1)$/i.test(DEBUG ?? '')) return 'development';
  if (/^(false|0)$/i.test(DEBUG ?? '')) return 'production';
  return usual;
}

/** The variables of the replaced service, under the names that stand for them here. */
function withFormerNames(variables: Variables): Variables {
  const { REDIS_HOST, REDIS_PORT, CELERY_BROKER_URL } = variables;
  const redisUrl =
    REDIS_HOST || REDIS_PORT
      ? `redis://${REDIS_HOST || 'localhost'}:${REDIS_PORT || '6379'}/0`
      : undefined;
  return {
    ...variables,
    REDIS_URL: variables.REDIS_URL || redisUrl,
    QUEUE_REDIS_URL: variables.QUEUE_REDIS_URL || CELERY_BROKER_URL,
  };
}

function fallbackOf(row: Setting, environment: Environment, given: Variables): string | undefined {
  const { fallback } = row;
  const text = typeof fallback === 'object' ? fallback[environment] : fallback;
  if (text === '' && row.required) return undefined;
  return text?.replace('{PORT}', given.PORT || settings.port.fallback);
}
