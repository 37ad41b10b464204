import { readEnvFile } from './env-file.ts';
import type { Environment } from './settings.ts';

// Loads no settings: the primary process of a server stays small.

/** Environment variables by name; an empty string counts as unset. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Settings are missing or invalid. The message has one line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Returns the variables of `.env`. @throws ConfigError if it cannot be read */
export function dotEnv(): Variables {
  try {
    return readEnvFile('.env');
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

/** Returns the variables of this process and of `.env`, without empty and injected ones. */
export function environmentVariables(): Record<string, string | undefined> {
  return { ...presentOnly(dotEnv()), ...presentOnly(process.env) };
}

/** Puts the variables of OpenTelemetry in `.env` where its SDK reads them. */
export function shareTracingVariables(): void {
  for (const [name, value] of Object.entries(presentOnly(dotEnv()))) {
    if (name.startsWith('OTEL_')) process.env[name] ||= value;
  }
}

/** Returns what sets a variable: the environment wins over `.env`. */
export const originOf = (variable: string): string =>
  variable in presentOnly(process.env) ? 'environment' : '.env';

/** Environment variable with the number of a server process, from 1. */
export const PROCESS_NUMBER = 'GATEHOUSE_PROCESS';

/** Whether this process logs what concerns all server processes. */
export const isFirstProcess = (): boolean => (process.env[PROCESS_NUMBER] ?? '1') === '1';

/** Whether systemd waits for a notification of this process or of its parent. */
export const isUnderSystemd = (): boolean => process.env.NOTIFY_SOCKET !== undefined;

/** Sets the size of libuv's thread pool in this process. Has no effect after its first use. */
export function sizeThreadPool(threads: number): void {
  process.env.UV_THREADPOOL_SIZE = String(threads);
}

/** Drops variables that are empty or injected. */
export const presentOnly = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(
      ([name, value = '']) => unwrapped(value) && !isInjected(name, value),
    ),
  );

/** Strips outer spaces, and the quotes that `docker run --env-file` keeps. */
export function unwrapped(value: string): string {
  const text = value.trim();
  return /^(["'])((?!\1).)*\1$/s.test(text) ? text.slice(1, -1).trim() : text;
}

/** Variables that Kubernetes sets in each pod for each service, by name or by value. */
const injectedName = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const injectedValue = /^(tcp|udp|sctp):\/\//;

/** Whether Kubernetes injects such a variable; a service called `redis` makes `REDIS_PORT=tcp://…`. */
export const isInjected = (name: string, value = ''): boolean =>
  injectedName.test(name) || (/._PORT$/.test(name) && injectedValue.test(value));

/** Reads `NODE_ENV`, or `DEBUG` of the replaced service. @throws ConfigError if it is neither */
export function environmentOf(variables: Variables, defaultEnvironment: Environment): Environment {
  const [NODE_ENV, DEBUG] = [unwrapped(variables.NODE_ENV ?? ''), variables.DEBUG];
  if (NODE_ENV) {
    if (NODE_ENV === 'production' || NODE_ENV === 'development') return NODE_ENV;
    throw new ConfigError('NODE_ENV: must be `production` or `development`');
  }
  if (/^(true|1)$/i.test(DEBUG ?? '')) return 'development';
  if (/^(false|0)$/i.test(DEBUG ?? '')) return 'production';
  return defaultEnvironment;
}
