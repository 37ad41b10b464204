import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import manifest from '../../package.json' with { type: 'json' };
import { packClient, packSource, type Release, writeManifests } from './archives.ts';
import { describeStatement, sha256Of } from './provenance.ts';
import { describePackages } from './sbom.ts';

const root = resolve(import.meta.dirname, '../..');
const git = async (...args: string[]) => (await execa('git', args, { cwd: root })).stdout.trim();
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** A release cannot be made like this. */
class ReleaseError extends Error {}

interface Options {
  readonly image?: string;
  readonly repository?: string;
  readonly output: string;
}

async function release(version: string, { image, output, ...options }: Options): Promise<void> {
  const startedOn = new Date();
  if (version !== manifest.version)
    throw new ReleaseError(
      `package.json has the version ${manifest.version}. Set ${version} there and commit.`,
    );
  const changes = await git('status', '--porcelain');
  if (changes) throw new ReleaseError(`Commit or remove these changes first:\n${changes}`);
  const repository = await repositoryOf(options);
  const folder = resolve(output, version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed: Release = { root, output: folder, version, ...(image && { image }) };
  const manifests = writeManifests(packed);
  const [commit, committedAt] = [
    await git('rev-parse', 'HEAD'),
    await git('log', '-1', '--format=%cI'),
  ];
  const bom = `gatehouse-${version}.cdx.json`;
  const described = { root, name: manifest.name, commit, committedAt };
  writeFileSync(join(folder, bom), await describePackages(described));
  const files = [await packSource(packed), await packClient(packed), bom, ...manifests];
  const given = { repository, version, commit, output: folder, files, ...(image && { image }) };
  const statement = describeStatement({ ...given, startedOn, finishedOn: new Date() });
  writeFileSync(join(folder, `gatehouse-${version}.intoto.json`), statement);
  for (const file of files) say(`${sha256Of(join(folder, file))}  ${file}`);
}

/** Returns the URL of the sources, without the user and password that a remote may contain. */
async function repositoryOf({ repository }: Pick<Options, 'repository'>): Promise<string> {
  const text = repository ?? (await git('remote', 'get-url', 'origin').catch(() => ''));
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ReleaseError('--repository: missing. Write the https URL of this repository.');
  return `${url.origin}${url.pathname.replace(/(\.git)?\/?$/, '')}`;
}

const program = new Command('release')
  .description(
    'Packs a release, with its SBOM (CycloneDX) and provenance (in-toto, SLSA), unsigned.',
  )
  .argument('<version>', 'version in package.json')
  .option('--image <name@digest>', 'pushed image: writes manifests of Kubernetes that use it')
  .option('--repository <url>', 'URL of the sources; default: the remote `origin`')
  .option('--output <folder>', 'folder of the releases', 'artifacts')
  .showHelpAfterError()
  .action(release);
await program.parseAsync().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
