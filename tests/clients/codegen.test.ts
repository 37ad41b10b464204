import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { serviceUrl } from './service.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide/typed-graphql-client.md'), 'utf8');

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

/** Returns the files that a section of the guide shows, by their names. */
function filesOf(section: string): Map<string, string> {
  const text = guide.split(/^## /m).find((part) => part.startsWith(section)) ?? '';
  const blocks = text.matchAll(/^```ts\n\/\/ (\S+)\n(.+?)^```/gms);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

it.each(['urql and graphql-request', 'Apollo Client'])(
  'generates types with the configuration for %s, and compiles the clients of the guide',
  async (section) => {
    const directory = join(import.meta.dirname, '.generated/codegen', section.split(' ')[0] ?? '');
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(join(directory, 'src'), { recursive: true });
    cpSync(join(root, 'client/operations'), join(directory, 'src'), { recursive: true });
    const files = filesOf(section);
    expect(files.size).toBeGreaterThan(1);
    for (const [name, code] of files) {
      writeFileSync(join(directory, name), code.replaceAll('http://localhost:8000', serviceUrl));
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
