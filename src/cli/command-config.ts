import { join } from 'node:path';
import { askSupervisor, socketIn } from '../adapters/supervisor-socket.ts';
import { type Config, ConfigError, readConfig } from '../config/load-config.ts';
import type { Terminal } from './command-line.ts';

/**
 * Reads the settings of a command. While `npm start` runs in the same directory, its stores and its
 * secret replace settings that the environment leaves out.
 *
 * @param needed required settings; all by default
 * @param defaults variables to use if nothing else sets them
 * @throws ConfigError if a required database is not set, or if a setting is missing or invalid
 */
export async function readCommandConfig<Key extends keyof Config = keyof Config>(
  terminal: Terminal,
  needed?: readonly Key[],
  defaults: Readonly<Record<string, string>> = {},
): Promise<Pick<Config, Key>> {
  const given = terminal.variables();
  const running = await askSupervisor(socketIn(join(terminal.directory, '.data')));
  const variables = { ...defaults, ...running?.variables, ...given };
  const needsDatabase = needed?.some((key) => key === 'databaseUrl') ?? true;
  if (needsDatabase && !variables.DATABASE_URL) {
    throw new ConfigError(
      'DATABASE_URL: not set, and no `npm start` is running in this directory. ' +
        'Set DATABASE_URL, or run `npm start` first.',
    );
  }
  return readConfig(variables, running ? 'development' : 'production', needed);
}
