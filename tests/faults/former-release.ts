import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Release } from '#tests/support/installation.ts';

const root = resolve(import.meta.dirname, '../..');

/** The folder with the schemas of releases. */
export const releases = join(root, 'releases');

/** A release with its packages in a directory. */
interface FormerRelease extends Release {
  readonly version: string;
}

/** Returns the version of the newest release in `releases/`. */
export function newestRelease(): string {
  const versions = readdirSync(releases).filter((name) => /^\d/.test(name));
  return (
    versions.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1) ?? ''
  );
}

/** Prepares the newest release, at the last commit that wrote its folder. */
export async function prepareFormerRelease(): Promise<FormerRelease> {
  const version = newestRelease();
  const directory = join(root, '.data/releases', version);
  if (!existsSync(join(directory, 'node_modules/.package-lock.json')))
    await install(version, directory);
  const script = (file: string) => [join(directory, file)] as const;
  return {
    version,
    scripts: { server: script('src/server.ts'), worker: script('worker/main.ts') },
    migrate: (variables) =>
      execa(process.execPath, script('src/cli/migrate.ts'), {
        cwd: directory,
        env: { ...variables },
        extendEnv: false,
      }),
  };
}

async function install(version: string, directory: string): Promise<void> {
  const path = `releases/${version}`;
  const { stdout: commit } = await execa('git', ['log', '-1', '--format=%H', '--', path], {
    cwd: root,
  });
  const archived = { cwd: root, encoding: 'buffer' } as const;
  const { stdout: archive } = await execa('git', ['archive', commit], archived);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  await execa('tar', ['x'], { cwd: directory, input: archive });
  const options = ['ci', '--omit=dev', '--omit=optional'];
  await execa('npm', options, { cwd: directory, stdio: 'inherit' });
}
