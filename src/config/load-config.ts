import type { z } from 'zod';
import type { Limit } from '../ports/rate-limits.ts';
import type { TracingPlan } from '../ports/tracing.ts';
import {
  ConfigError,
  dotEnv,
  environmentOf,
  environmentVariables,
  presentOnly,
  shareTracingVariables,
  unwrapped,
  type Variables,
} from './environment.ts';
import { defaultProcesses, threadsPerProcess } from './process-plan.ts';
import { type RelyingParty, relyingPartyOf } from './relying-party.ts';
import { settingConflicts } from './setting-conflicts.ts';
import {
  ineffectiveSettings,
  isRead,
  misspelledSettings,
  unknownVariables,
} from './setting-names.ts';
import { host, port, secret } from './setting-shapes.ts';
import { type Environment, type Setting, settings } from './settings.ts';
import { readTracingPlan } from './tracing-plan.ts';

export { ConfigError, environmentOf, environmentVariables, type Variables } from './environment.ts';

type Rows = typeof settings;
type Values = { readonly [Key in keyof Rows]: Value<Rows[Key]> };
type Value<Row extends Setting> = Row extends { fallback: unknown } | { required: true }
  ? z.output<Row['shape']>
  : z.output<Row['shape']> | undefined;

/** Settings whose default depends on other settings or on the machine. */
type Derived =
  | 'queueRedisUrl'
  | 'appName'
  | 'tokenIssuer'
  | 'tokenAudience'
  | 'webConcurrency'
  | 'metricsHost'
  | 'workerMetricsPort';

/** Checked, frozen settings of one process. */
export interface Config extends Omit<Values, Derived> {
  readonly environment: Environment;
  /** Number of server processes. */
  readonly webConcurrency: number;
  readonly metricsHost: string;
  readonly workerMetricsPort: number | undefined;
  /** Threads of libuv in each of them that hashes may use. One stays free for other work. */
  readonly threads: number;
  /** Maximum connections of a process to PostgreSQL. */
  readonly databaseConnections: number;
  /** `PUBLIC_URL`, if it is set. */
  readonly givenPublicUrl: string | undefined;
  readonly queueRedisUrl: string;
  readonly appName: string;
  readonly tokenIssuer: string;
  readonly tokenAudience: string;
  /** Undefined while tracing is off. */
  readonly tracing: TracingPlan | undefined;
  readonly relyingParty: RelyingParty;
  /** Warnings for the log about variables that have no effect. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings from `variables`.
 *
 * @throws ConfigError with every variable that is missing or invalid
 */
export function readConfig<Key extends keyof Config = keyof Config>(
  variables: Variables,
  defaultEnvironment: Environment,
  needed?: readonly Key[],
): Pick<Config, Key> {
  const given = definedOnly(variables);
  const environment = environmentOf(given, defaultEnvironment);
  const problems = misspelledSettings(given);
  const texts = { REDIS_URL: formerRedisUrl(given, problems), ...given };
  const inspected = inspectSettings(texts, environment, needed);
  problems.push(...inspected.flatMap(({ problem = [] }) => problem));
  const values = Object.fromEntries(inspected.map(({ key, value }) => [key, value])) as Values;
  if (problems.length === 0) problems.push(...settingConflicts(values));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const webConcurrency = values.webConcurrency ?? defaultProcesses(environment);
  const tracing = readTracingPlan(values, given);
  return Object.freeze({
    ...values,
    environment,
    webConcurrency,
    metricsHost: values.metricsHost ?? values.host,
    workerMetricsPort: values.workerMetricsPort ?? nextPort(values.metricsPort),
    threads: threadsPerProcess(given.UV_THREADPOOL_SIZE, webConcurrency),
    databaseConnections: 10,
    givenPublicUrl: given.PUBLIC_URL ? values.publicUrl : undefined,
    queueRedisUrl: values.queueRedisUrl ?? values.redisUrl,
    appName: values.appName ?? URL.parse(values.publicUrl)?.hostname ?? '',
    tokenIssuer: values.tokenIssuer ?? values.publicUrl,
    tokenAudience: values.tokenAudience ?? values.publicUrl,
    tracing,
    relyingParty: relyingPartyOf(values, environment),
    warnings: [
      ...ineffectiveSettings(given),
      ...wrappedSecrets(given),
      ...(tracing?.warning ? [tracing.warning] : []),
    ],
  });
}

/** Returns the port after a given one; 0 selects a free one. */
const nextPort = (port: number | undefined) => (port ? port + 1 : port);

/** A setting, as given and as understood. */
export interface InspectedSetting {
  readonly key: string;
  /** The variable that was read: the setting's own or a former name. */
  readonly name: string;
  /** Undefined without a default. */
  readonly text: string | undefined;
  readonly isDefault: boolean;
  readonly value: unknown;
  readonly problem?: string;
}

/** Reads each setting by itself. @param needed keys of those that must not be missing; all by default */
export function inspectSettings(
  given: Variables,
  environment: Environment,
  needed?: readonly string[],
): InspectedSetting[] {
  return Object.entries<Setting>(settings).map(([key, row]) => {
    const { variable, formerly = [], required, shape } = row;
    const name = [variable, ...formerly].find((each) => given[each]) ?? variable;
    const text = given[name] ?? fallbackOf(row, environment, given);
    const read = { key, name, text, isDefault: given[name] === undefined };
    if (text === undefined) {
      const isRequired = required === true || required === environment;
      const problem = `${variable}: missing. Set it to ${shape.description}.`;
      const isMissing = isRequired && (needed?.includes(key) ?? true);
      return { ...read, value: undefined, ...(isMissing && { problem }) };
    }
    // A developer's machine may keep the short secret of an old .env file.
    if (shape === secret && environment === 'development') return { ...read, value: text };
    const { data: value, error } = shape.safeParse(text);
    const problem = error && `${name}: must be ${shape.description}${detailOf(error)}`;
    return { ...read, value, ...(problem && { problem }) };
  });
}

/** Reads the settings of this process from its environment and from `.env`. */
export function loadConfig(defaultEnvironment: Environment): Config {
  const config = readConfig(environmentVariables(), defaultEnvironment);
  if (config.tracing) shareTracingVariables();
  const warnings = [...config.warnings, ...unknownVariables(dotEnv())];
  return Object.freeze({ ...config, warnings });
}

/** Drops empty and injected variables. Strips spaces and quotes around the values of settings. */
export const definedOnly = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(presentOnly(variables)).map(([name, value = '']) => [
      name,
      isRead(name) ? unwrapped(value) : value,
    ]),
  );

/** Returns the end of an error message: the exceeded limit and its value. Empty in production. */
export function limitHint(config: Config, limit: string): string {
  if (config.environment === 'production' || !isLimit(limit)) return '';
  const { max, seconds } = config[limit];
  return ` (${settings[limit].variable}, ${max}/${seconds} in development)`;
}

/** Returns the variable of a limit by its key. */
export const limitVariable = (limit: string): string =>
  isLimit(limit) ? settings[limit].variable : 'unknown';

type LimitKey = { [Key in keyof Values]: Values[Key] extends Limit ? Key : never }[keyof Values];

const isLimit = (key: string): key is LimitKey =>
  Object.hasOwn(settings, key) && settings[key as keyof Rows].variable.startsWith('LIMIT_');

/** Builds one URL from `REDIS_HOST` and `REDIS_PORT` of the replaced service. */
function formerRedisUrl(given: Variables, problems: string[]): string | undefined {
  const { REDIS_HOST, REDIS_PORT } = given;
  if (!REDIS_HOST && !REDIS_PORT) return undefined;
  for (const [name, shape] of Object.entries({ REDIS_HOST: host, REDIS_PORT: port })) {
    const isWrong = given[name] && !shape.safeParse(given[name]).success;
    if (isWrong) problems.push(`${name}: must be ${shape.description}`);
  }
  const name = REDIS_HOST?.includes(':') ? `[${REDIS_HOST}]` : REDIS_HOST;
  return `redis://${name || 'localhost'}:${REDIS_PORT || '6379'}/0`;
}

/** Returns a warning for each secret with quotes or spaces around it, which are part of it. */
function wrappedSecrets(given: Variables): string[] {
  const secrets = Object.values<Setting>(settings).filter(({ shape }) => shape === secret);
  return secrets.flatMap(({ variable }) => {
    const text = given[variable] ?? '';
    const isWrapped = unwrapped(text) !== text;
    return isWrapped
      ? [
          `${variable}: the quotes or spaces around the value are part of the secret. Remove them only if you also change the secret.`,
        ]
      : [];
  });
}

/** Returns the exact problem, if the shape describes it. */
function detailOf({ issues }: z.ZodError): string {
  const own = issues.find(({ code, message }) => code === 'custom' && message !== 'Invalid input');
  return own ? `: ${own.message}` : '';
}

function fallbackOf(row: Setting, environment: Environment, given: Variables): string | undefined {
  const { fallback } = row;
  const text = typeof fallback === 'object' ? fallback[environment] : fallback;
  if (text === '' && row.required) return undefined;
  // A wrong PORT is reported once, not for each setting that contains it.
  const usable = port.safeParse(given.PORT).success ? given.PORT : settings.port.fallback;
  return text?.replace('{PORT}', usable ?? '');
}
