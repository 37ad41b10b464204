import { existsSync } from 'node:fs';
import {
  type Config,
  ConfigError,
  environmentVariables,
  readConfig,
} from '../config/load-config.ts';

/**
 * Reads the settings of a command. While `npm start` runs in the same directory, its stores and its
 * secret replace settings that the environment leaves out.
 *
 * @param needed required settings; all by default
 * @param defaults variables to use if nothing else sets them
 * @throws ConfigError if a required database is not set, or if a setting is missing or invalid
 */
export async function readCommandConfig<Key extends keyof Config = keyof Config>(
  needed?: readonly Key[],
  defaults: Readonly<Record<string, string>> = {},
): Promise<Pick<Config, Key>> {
  const running = await runningVariables();
  const variables = { ...defaults, ...running, ...environmentVariables() };
  const needsDatabase = needed?.some((key) => key === 'databaseUrl') ?? true;
  if (needsDatabase && !variables.DATABASE_URL) {
    throw new ConfigError(
      'DATABASE_URL must be set, because no `npm start` is running in this directory: ' +
        'run `npm start` first, or set DATABASE_URL',
    );
  }
  return readConfig(variables, running ? 'development' : 'production', needed);
}

/** Returns the variables of the `npm start` that is running in this directory. An image has none. */
async function runningVariables(): Promise<Record<string, string> | undefined> {
  if (!existsSync(new URL('../../dev', import.meta.url))) return undefined;
  const development = await import('#dev/running-variables.ts');
  return development.runningVariables('.data');
}
