import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { serviceUrl } from './service.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide/graphql-clients.md'), 'utf8');

const compilerOptions = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
};

/** The files that the guide shows, by their names. */
const files = new Map(
  Array.from(
    guide.matchAll(/^( *)```ts\n *\/\/ (\S+)\n(.+?)^ *```/gms),
    ([, indent = '', name = '', code = '']) => [
      name,
      code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    ],
  ),
);

it.each([
  ['graphql-request and urql', ['src/graphql-request.ts', 'src/urql.ts']],
  ['Apollo Client', ['src/apollo.ts']],
])(
  'generates types with the configuration for %s, and compiles the clients of the guide',
  async (libraries, clients) => {
    const directory = join(
      import.meta.dirname,
      '.generated/codegen',
      libraries.split(' ')[0] ?? '',
    );
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(join(directory, 'src'), { recursive: true });
    cpSync(join(root, 'client/operations'), join(directory, 'src'), { recursive: true });
    for (const name of ['codegen.ts', ...clients]) {
      let code = files.get(name)?.replaceAll('http://localhost:8000', serviceUrl) ?? '';
      expect(code).not.toBe('');
      if (libraries.startsWith('Apollo')) {
        code = code.replace(/.*\/\/ for Apollo Client remove this line\n/, '');
      }
      writeFileSync(join(directory, name), code);
    }
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['src'] }),
    );

    const codegen = join(import.meta.dirname, 'node_modules/@graphql-codegen/cli/cjs/bin.js');
    await promisify(execFile)(process.execPath, [codegen], { cwd: directory });
    expect(await compile(directory)).toBe('');
    const enums = readFileSync(join(directory, 'src/gatehouse/enums.ts'), 'utf8');
    expect(enums).toMatch(/^export type ErrorCode =$.+'INVALID_OTP'/ms);
    expect(enums).toMatch(/^export type AuditEventName =$.+'TOKEN_REUSED'/ms);
  },
);

it('names the versions of the generator that it was tried with', () => {
  const { devDependencies } = JSON.parse(
    readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'),
  );
  for (const name of ['@graphql-codegen/cli', '@graphql-codegen/client-preset']) {
    expect(guide).toContain(`${name}@${devDependencies[name]}`);
  }
});
