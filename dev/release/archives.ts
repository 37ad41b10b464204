import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { withImage } from './overlay-image.ts';

/** Files of the commit that an installation or the build of its image needs. */
const shipped = [
  ...['bin', 'src', 'worker', 'vendor', 'ops', 'docs', 'releases'],
  ...['package.json', 'package-lock.json', '.npmrc', 'schema.graphql'],
  ...['Dockerfile', '.dockerignore', 'docker-compose.yml', '.env.example', '.env.compose.example'],
  ...['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'],
];

export interface Release {
  /** Checkout of the commit, without changes. */
  readonly root: string;
  readonly output: string;
  readonly version: string;
  /** Image by digest, if it has been pushed. */
  readonly image?: string;
}

/** Packs the commit. @returns the name of the archive */
export async function packSource({ root, output, version }: Release): Promise<string> {
  const name = `gatehouse-${version}.tar.gz`;
  const file = join(output, name);
  const prefix = `gatehouse-${version}/`;
  const args = ['archive', '--format=tar.gz', `--prefix=${prefix}`, `--output=${file}`, 'HEAD'];
  await execa('git', [...args, '--', ...shipped], { cwd: root });
  return name;
}

/** Builds and packs `@gatehouse/client`. @returns the name of the archive */
export async function packClient({ root, output }: Release): Promise<string> {
  const build = mkdtempSync(join(tmpdir(), 'gatehouse-client-'));
  try {
    await execa(process.execPath, [join(root, 'client/build.ts'), build]);
    const args = ['pack', build, '--json', '--pack-destination', output];
    const { stdout } = await execa('npm', args, { cwd: build });
    return JSON.parse(stdout)[0].filename;
  } finally {
    rmSync(build, { recursive: true });
  }
}

/** Writes the manifests of Kubernetes with the image of the release. @returns their names */
export function writeManifests({ root, output, image }: Release): string[] {
  if (!image) return [];
  const folder = join(output, 'kubernetes');
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, 'ops/kubernetes'), folder, { recursive: true });
  for (const file of globSync('overlays/*/kustomization.yaml', { cwd: folder })) {
    const path = join(folder, file);
    writeFileSync(path, withImage(readFileSync(path, 'utf8'), image));
  }
  return globSync('**/*.yaml', { cwd: folder })
    .map((file) => `kubernetes/${file}`)
    .toSorted();
}
