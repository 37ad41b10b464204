import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256Of } from '#dev/release/provenance.ts';
import manifest from '../../package.json' with { type: 'json' };

const project = resolve(import.meta.dirname, '../..');
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-release-'));
const clone = join(directory, 'clone');
const { version } = manifest;
const output = join(directory, 'dist', version);
const image = `registry.example.net/gatehouse@sha256:${'0a'.repeat(32)}`;
let commit = '';
let first: Awaited<ReturnType<typeof release>> | undefined;

const git = (...args: string[]) => execa('git', args, { cwd: clone });
const release = (...args: string[]) =>
  execa('sh', ['bin/run', 'node', 'dev/release/main.ts', ...args], { cwd: clone, reject: false });
const fromHere = ['--repository', 'https://user:secret@git.example.com/auth/gatehouse.git'];
const complete = [version, '--image', image, ...fromHere, '--output', dirname(output)];
const readJson = (name: string) => JSON.parse(readFileSync(join(output, name), 'utf8'));

beforeAll(async () => {
  await execa('git', ['clone', '--quiet', project, clone]);
  symlinkSync(join(project, 'node_modules'), join(clone, 'node_modules'));
  appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  commit = (await git('rev-parse', 'HEAD')).stdout;
  first = await release(...complete);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('prints the SHA-256 of every file', () => {
  expect([first?.exitCode, first?.stderr]).toEqual([0, '']);
  expect(first?.stdout).toMatch(/^([0-9a-f]{64} {2}\S+\n?)+$/);
});

it('writes an SBOM that is valid by the schema of CycloneDX 1.6, with every production package', () => {
  const require = createRequire(import.meta.url);
  const library = dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json'));
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(library, 'res/schema', `${name}.SNAPSHOT.schema.json`), 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('iri-reference', true).addFormat('idn-email', true);
  ajv.addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
  ajv.addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
  const validate = ajv.compile(schema('bom-1.6'));
  const bom = readJson(`gatehouse-${version}.cdx.json`);
  validate(bom);
  expect(validate.errors).toBeNull();
  validate({ ...bom, components: [{ ...bom.components[0], unknown: 1 }] });
  expect(validate.errors).not.toBeNull();

  const lock: {
    packages: Record<string, { dev?: boolean; version?: string; integrity?: string }>;
  } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  const locked = Object.entries(lock.packages).filter(
    ([path, entry]) => /(^|\/)node_modules\//.test(path) && !entry.dev && entry.version,
  );
  const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 13);
  const named = new Set(locked.map(([path, entry]) => `${nameOf(path)}@${entry.version}`));
  const listed = new Map<string, { hashes?: { content: string }[] }>(
    bom.components.map((each: { name: string; version: string }) => [
      `${each.name}@${each.version}`,
      each,
    ]),
  );
  expect([...named].filter((name) => !listed.has(name))).toEqual([]);
  for (const [path, { integrity = '', version: each }] of locked) {
    const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
    const hashes = listed.get(`${nameOf(path)}@${each}`)?.hashes?.map((hash) => hash.content);
    expect([path, hashes]).toEqual([path, [content]]);
  }
  expect(bom.metadata.component).toMatchObject({ name: 'gatehouse', type: 'application' });
});

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
/** An in-toto statement v1 with SLSA provenance v1, strictly as https://slsa.dev/spec/v1.1/provenance has it. */
const statement = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.strictObject({ name: z.string().min(1), digest: sha256 })).min(1),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.url(),
      externalParameters: z.strictObject({ version: z.string(), image: z.string().optional() }),
      internalParameters: z.record(z.string(), z.string()),
      resolvedDependencies: z.array(
        z.strictObject({
          uri: z.string(),
          digest: sha256.or(z.strictObject({ gitCommit: z.string().regex(/^[0-9a-f]{40}$/) })),
        }),
      ),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.url() }),
      metadata: z.strictObject({ startedOn: z.iso.datetime(), finishedOn: z.iso.datetime() }),
    }),
  }),
});

it('writes a provenance statement with the commit, and the digest of every file and of the image', async () => {
  const { subject, predicate } = statement.parse(readJson(`gatehouse-${version}.intoto.json`));
  const [source] = predicate.buildDefinition.resolvedDependencies;
  expect(source).toEqual({
    uri: 'git+https://git.example.com/auth/gatehouse',
    digest: { gitCommit: commit },
  });
  const files = subject.filter(({ name }) => !name.startsWith('registry.'));
  for (const { name, digest } of files) {
    expect([name, digest.sha256]).toEqual([name, sha256Of(join(output, name))]);
  }
  expect(subject.at(-1)).toEqual({
    name: image.split('@')[0],
    digest: { sha256: '0a'.repeat(32) },
  });
  const { stdout } = await execa('find', ['.', '-type', 'f', '-printf', '%P\n'], { cwd: output });
  const written = stdout.split('\n').filter((name) => !name.endsWith('.intoto.json'));
  expect(files.map(({ name }) => name).sort()).toEqual(written.sort());
});

it('packs the commit, and manifests of Kubernetes with the image', async () => {
  const { stdout } = await execa('tar', ['-tzf', join(output, `gatehouse-${version}.tar.gz`)]);
  const packed = stdout.split('\n');
  for (const name of ['package-lock.json', 'bin/gatehouse', 'src/server.ts', 'Dockerfile']) {
    expect(packed).toContain(`gatehouse-${version}/${name}`);
  }
  expect(packed.filter((name) => /\/(tests|bench|node_modules|\.git)\//.test(name))).toEqual([]);
  const overlay = readFileSync(
    join(output, 'kubernetes/overlays/production/kustomization.yaml'),
    'utf8',
  );
  expect(overlay).toContain(`digest: ${image.split('@')[1]}`);
});

it('makes the same archives and SBOM of the same commit again', async () => {
  const names = [`gatehouse-${version}.tar.gz`, `gatehouse-${version}.cdx.json`];
  const hashes = () => names.map((name) => sha256Of(join(output, name)));
  const before = hashes();
  expect((await release(...complete)).exitCode).toBe(0);
  expect(hashes()).toEqual(before);
});

it.each([
  [
    'a version that package.json does not have',
    ['9.9.9', ...fromHere],
    /^package\.json has the version .* Set 9\.9\.9 there/,
  ],
  [
    'an image without a digest',
    [version, '--image', 'gatehouse:1', ...fromHere],
    /^--image gatehouse:1: has no digest/,
  ],
  ['an unknown repository', [version], /^--repository: missing\./],
])('refuses %s', async (_what, args, message) => {
  await git('remote', 'set-url', 'origin', clone);
  const { exitCode, stderr } = await release(...args, '--output', join(directory, 'refused'));
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(message)]);
});

it('refuses a checkout with changes', async () => {
  appendFileSync(join(clone, 'README.md'), 'changed\n');
  const { exitCode, stderr } = await release(...complete);
  await git('checkout', '--', 'README.md');
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('M README.md')]);
});
