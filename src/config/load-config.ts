import type { z } from 'zod';
import type { Limit } from '../ports/rate-limits.ts';
import { EnvFileError, readEnvFile } from './env-file.ts';
import { settingConflicts } from './setting-conflicts.ts';
import {
  ineffectiveSettings,
  isInjected,
  isRead,
  misspelledSettings,
  unknownVariables,
} from './setting-names.ts';
import { host, port, secret, whole } from './setting-shapes.ts';
import { type Environment, must, type Setting, settings } from './settings.ts';

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
  /** Warnings for the log about variables that have no effect. */
  readonly warnings: readonly string[];
}

/** Environment variables by name; an empty text counts as unset. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A setting is missing or wrong. The message names each variable, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings from `variables`.
 *
 * @param usual the environment if `NODE_ENV` (or the replaced service's `DEBUG`) does not set it
 * @param needed required settings; all by default
 * @throws ConfigError naming every variable that is missing or invalid
 */
export function readConfig<Key extends keyof Config = keyof Config>(
  variables: Variables,
  usual: Environment,
  needed?: readonly Key[],
): Pick<Config, Key> {
  const given = definedOnly(variables);
  const environment = environmentOf(given, usual);
  const problems = misspelledSettings(given);
  const redisUrl = formerRedisUrl(given, problems);
  const values = Object.fromEntries(
    Object.entries<Setting>(settings).map(([key, row]) => {
      const { name, text } = textOf(row, environment, { REDIS_URL: redisUrl, ...given });
      if (text === undefined) {
        const isNeeded = needed?.some((name) => name === key) ?? true;
        if (isNeeded && (row.required === true || row.required === environment)) {
          problems.push(`${row.variable} is missing: it must be ${row.must}`);
        }
        return [key, undefined];
      }
      // A developer's machine may keep the short secret of an old .env file.
      if (row.shape === secret && environment === 'development') return [key, text];
      const parsed = row.shape.safeParse(text);
      if (!parsed.success) problems.push(`${name} must be ${row.must}${detailOf(parsed.error)}`);
      return [key, parsed.data];
    }),
  ) as unknown as Values;
  if (problems.length === 0) problems.push(...settingConflicts(values));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return Object.freeze({
    ...values,
    environment,
    threads: whole(1, 1024).safeParse(given.UV_THREADPOOL_SIZE).data ?? 4,
    givenPublicUrl: given.PUBLIC_URL ? values.publicUrl : undefined,
    queueRedisUrl: values.queueRedisUrl ?? values.redisUrl,
    tokenIssuer: values.tokenIssuer ?? values.publicUrl,
    tokenAudience: values.tokenAudience ?? values.publicUrl,
    warnings: [...ineffectiveSettings(given), ...wrappedSecrets(given)],
  });
}

/** The settings of this process: its environment, then the file `.env` in the working directory. */
export function loadConfig(usual: Environment): Config {
  const config = readConfig(environmentVariables(), usual);
  return Object.freeze({
    ...config,
    warnings: [...config.warnings, ...unknownVariables(dotEnv())],
  });
}

/**
 * Returns the variables of this process, including `.env`; real variables win. Omits empty ones and
 * those that Kubernetes injects.
 */
export function environmentVariables(): Record<string, string | undefined> {
  return { ...definedOnly(dotEnv()), ...definedOnly(process.env) };
}

/**
 * Drops empty and injected variables, and strips blanks and quotes around the values of settings.
 */
const definedOnly = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables)
      .map(([name, value = '']) => [name, isRead(name) ? unwrapped(value) : value] as const)
      .filter(([name, value]) => value && !isInjected(name, value)),
  );

/**
 * Strips outer blanks, and the quotes that `docker run --env-file` keeps. Secrets are not stripped,
 * because each of their characters counts.
 */
function unwrapped(value: string): string {
  const text = value.trim();
  return /^(["'])((?!\1).)*\1$/s.test(text) ? text.slice(1, -1).trim() : text;
}

function dotEnv(): Variables {
  try {
    return readEnvFile('.env');
  } catch (error) {
    throw error instanceof EnvFileError ? new ConfigError(error.message) : error;
  }
}

/**
 * Returns the end of a refusal's message: the setting and its value. Empty in production.
 *
 * @param limit key of the setting
 */
export function limitHint(config: Config, limit: string): string {
  if (config.environment === 'production' || !isLimit(limit)) return '';
  const { max, seconds } = config[limit];
  return ` (${settings[limit].variable}, ${max}/${seconds} in development)`;
}

type LimitKey = { [Key in keyof Values]: Values[Key] extends Limit ? Key : never }[keyof Values];

const isLimit = (key: string): key is LimitKey =>
  Object.hasOwn(settings, key) && settings[key as keyof Rows].variable.startsWith('LIMIT_');

/** Reads `NODE_ENV`, or `DEBUG` of the replaced service. @throws ConfigError if it is neither */
export function environmentOf(variables: Variables, usual: Environment): Environment {
  const { NODE_ENV, DEBUG } = variables;
  if (NODE_ENV) {
    if (NODE_ENV === 'production' || NODE_ENV === 'development') return NODE_ENV;
    throw new ConfigError('NODE_ENV must be `production` or `development`');
  }
  if (/^(true|1)$/i.test(DEBUG ?? '')) return 'development';
  if (/^(false|0)$/i.test(DEBUG ?? '')) return 'production';
  return usual;
}

/** Builds one URL from `REDIS_HOST` and `REDIS_PORT` of the replaced service. */
function formerRedisUrl(
  { REDIS_HOST, REDIS_PORT }: Variables,
  problems: string[],
): string | undefined {
  if (!REDIS_HOST && !REDIS_PORT) return undefined;
  if (REDIS_HOST && !host.safeParse(REDIS_HOST).success)
    problems.push(`REDIS_HOST must be ${must.host}`);
  if (REDIS_PORT && !port.safeParse(REDIS_PORT).success)
    problems.push(`REDIS_PORT must be ${must.port}`);
  const name = REDIS_HOST?.includes(':') ? `[${REDIS_HOST}]` : REDIS_HOST;
  return `redis://${name || 'localhost'}:${REDIS_PORT || '6379'}/0`;
}

/** Returns a warning for each secret with quotes or blanks around it, which are a part of it. */
function wrappedSecrets(given: Variables): string[] {
  const secrets = Object.values<Setting>(settings).filter(({ shape }) => shape === secret);
  return secrets.flatMap(({ variable }) => {
    const text = given[variable] ?? '';
    const isWrapped = unwrapped(text) !== text;
    return isWrapped ? [`${variable} has quotes or blanks around it, which are part of it`] : [];
  });
}

/** Returns the exact problem, if the shape describes it. */
function detailOf({ issues }: z.ZodError): string {
  const said = issues.find(({ code, message }) => code === 'custom' && message !== 'Invalid input');
  return said?.message ? `: ${said.message}` : '';
}

/** Returns the text of a setting and the variable that it comes from. */
function textOf(row: Setting, environment: Environment, given: Variables) {
  const names = [row.variable, ...(row.formerly ?? [])];
  const name = names.find((each) => given[each]) ?? row.variable;
  return { name, text: given[name] ?? fallbackOf(row, environment, given) };
}

function fallbackOf(row: Setting, environment: Environment, given: Variables): string | undefined {
  const { fallback } = row;
  const text = typeof fallback === 'object' ? fallback[environment] : fallback;
  if (text === '' && row.required) return undefined;
  // A wrong PORT is a problem of its own, not one of the settings made from it.
  const usable = port.safeParse(given.PORT).success ? given.PORT : settings.port.fallback;
  return text?.replace('{PORT}', usable ?? '');
}
