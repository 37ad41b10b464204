import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

interface SbomOptions {
  readonly root: string;
  readonly name: string;
  /** Hash of the commit, and its time. */
  readonly commit: string;
  readonly committedAt: string;
}

/**
 * Returns the CycloneDX 1.6 document of all production packages, with the hashes of the lock file. Two
 * runs on one commit return the same text.
 */
export async function describePackages(options: SbomOptions): Promise<string> {
  const { root, name, commit, committedAt } = options;
  const format = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const args = ['sbom', '--package-lock-only', ...format];
  const { stdout } = await execa('npm', args, { cwd: root });
  const { metadata, components, dependencies, ...made } = JSON.parse(stdout);
  // `--omit dev` would also omit production packages that a development package needs too.
  const production = namesIn(join(root, 'package-lock.json'));
  const isShipped = (name: string) => production.has(name);
  // npm writes 1.5, of which 1.6 is a superset except for the legacy form of tools.
  const tools = metadata.tools.map((tool: { vendor: string; name: string; version: string }) => ({
    type: 'application',
    ...{ group: tool.vendor, name: tool.name, version: tool.version },
  }));
  const document = {
    ...made,
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${name} ${commit}`)}`,
    metadata: {
      ...metadata,
      timestamp: committedAt,
      tools: { components: tools },
      // npm takes the name of the directory.
      component: { ...metadata.component, name },
    },
    components: components.filter((each: Component) => isShipped(`${each.name}@${each.version}`)),
    dependencies: dependencies
      .filter(({ ref }: Dependency) => ref === metadata.component['bom-ref'] || isShipped(ref))
      .map(({ ref, dependsOn }: Dependency) => ({ ref, dependsOn: dependsOn.filter(isShipped) })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

interface Component {
  readonly name: string;
  readonly version: string;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly name?: string;
  readonly version?: string;
}

/** Returns the production packages of a lock file, such as `zod@4.6.7`. */
function namesIn(lockFile: string): Set<string> {
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(lockFile, 'utf8'),
  );
  const production = Object.entries(packages).filter(
    ([path, { dev, link }]) => path && !dev && !link,
  );
  return new Set(
    production.map(([path, { name, version }]) => {
      return `${name ?? path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`;
    }),
  );
}

/** Returns a UUID (RFC 9562, version 8) of a text. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
