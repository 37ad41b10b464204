import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface StatementOptions {
  /** URL of the sources, such as `https://git.example.com/auth/gatehouse`. */
  readonly repository: string;
  readonly version: string;
  readonly commit: string;
  readonly output: string;
  /** Names of files in `output`. */
  readonly files: readonly string[];
  /** Image by digest, if it has been pushed. */
  readonly image?: string;
  readonly startedOn: Date;
  readonly finishedOn: Date;
}

/** Returns the hexadecimal SHA-256 of a file. */
export const sha256Of = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

/**
 * Returns the provenance of a release: an in-toto statement v1 with the predicate SLSA provenance v1. It
 * is not signed.
 */
export function describeStatement(options: StatementOptions): string {
  const { repository, version, commit, output, files, image, startedOn, finishedOn } = options;
  const [name = '', digest = ''] = image?.split('@sha256:') ?? [];
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      ...files.map((file) => ({ name: file, digest: { sha256: sha256Of(join(output, file)) } })),
      ...(image ? [{ name, digest: { sha256: digest } }] : []),
    ],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: `${repository}#dev/release/v1`,
        externalParameters: { version, ...(image && { image }) },
        internalParameters: {
          node: process.version,
          platform: `${process.platform}-${process.arch}`,
        },
        resolvedDependencies: [
          { uri: `git+${repository}`, digest: { gitCommit: commit } },
          {
            uri: 'package-lock.json',
            digest: { sha256: sha256Of(join(import.meta.dirname, '../../package-lock.json')) },
          },
        ],
      },
      runDetails: {
        builder: { id: `${repository}#dev/release` },
        metadata: {
          startedOn: startedOn.toISOString(),
          finishedOn: finishedOn.toISOString(),
        },
      },
    },
  };
  return `${JSON.stringify(statement, null, 2)}\n`;
}
