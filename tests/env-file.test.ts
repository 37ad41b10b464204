import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEnvFile } from '#src/config/env-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-tests-'));
const path = join(directory, '.env');
afterAll(() => rmSync(directory, { recursive: true }));

function read(contents: string | Buffer) {
  writeFileSync(path, contents);
  return readEnvFile(path);
}

it('reads names and values, quotes, comments and a byte order mark', () => {
  const text = `\uFEFFPORT=1\r\n
# a comment = nothing
A = 2
export B=3
C=5 # five
D="x # y" # z
E='"Acme, Inc." <no-reply@example.com>'
F="first
second=2"
G=
H= # nothing
`;
  expect(read(text)).toEqual({
    PORT: '1',
    A: '2',
    B: '3',
    C: '5',
    D: 'x # y',
    E: '"Acme, Inc." <no-reply@example.com>',
    F: 'first\nsecond=2',
    G: '',
    H: '',
  });
});

it('returns nothing if there is no file', () => {
  expect(readEnvFile(join(directory, 'none'))).toEqual({});
});

it.each([
  ['a name without a value', 'SMTP_URL'],
  ['a colon', 'SMTP_URL: smtp://mail:25'],
  ['a blank in a name', 'SMTP URL=smtp://mail:25'],
  ['an unquoted # inside a value', 'SECRET_KEY=abc#def'],
  ['text after the closing quote', 'MAIL_FROM="Acme, Inc." <no-reply@example.com>'],
  ['an unclosed quote', 'SECRET_KEY="abc'],
])('rejects %s by its line number, and shows nothing of the line', (_what, line) => {
  expect(() => read(`PORT=1\n\n${line}\nHOST=a\n`)).toThrow(
    /\.env, line 3: expected NAME=value or a comment\. Put values that contain quotes or `#` in quotes\.$/,
  );
});

it.each<BufferEncoding>(['utf16le', 'latin1'])('rejects a file in %s', (encoding) => {
  for (const mark of ['', '\uFEFF']) {
    expect(() => read(Buffer.from(`${mark}APP=Hügel`, encoding))).toThrow(/\.env: not valid UTF-8/);
  }
});
