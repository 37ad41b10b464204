import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../run-command.ts';

/** The LD_LIBRARY_PATH for packages of Debian that are unpacked under `root`. */
export function redisLibraryPath(root: string): string {
  return ['usr/lib', 'lib']
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...multiarch(folder)])
    .join(':');
}

/** Names of the libraries that the loader does not find for a program: `liblua5.1.so.0`. */
export async function missingLibraries(program: string, libraryPath: string): Promise<string[]> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: libraryPath };
  const { stdout } = await runCommand('ldd', [program], { env });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library ?? '');
}

/**
 * The packages of Debian and Ubuntu that may hold a library, the likeliest first: `libssl.so.3` is in
 * `libssl3`, and since the change to 64-bit times in `libssl3t64`.
 */
export function packagesOf(library: string): string[] {
  const known = EXCEPTIONS[library];
  if (known) return known;
  const [, name = '', version = ''] = /^(.+?)\.so\.?(.*)$/.exec(library) ?? [];
  const stem = name.toLowerCase().replaceAll('_', '-');
  // Debian's rule: a dash only where the name itself ends in a digit (liblua5.1-0, liblz4-1).
  const guess = /\d$/.test(stem) ? `${stem}-${version}` : `${stem}${version}`;
  return [guess, `${guess}t64`];
}

const EXCEPTIONS: Readonly<Record<string, string[]>> = {
  'libcrypto.so.3': ['libssl3', 'libssl3t64'],
  'libcrypto.so.1.1': ['libssl1.1'],
  'libgcc_s.so.1': ['libgcc-s1'],
  'liblua5.1-bitop.so.0': ['lua-bitop'],
  'liblua5.1-cjson.so.0': ['lua-cjson'],
};

function multiarch(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => entry.includes('-linux-gnu'))
    .map((entry) => join(folder, entry));
}
