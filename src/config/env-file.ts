import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** A comment, or an entry that all parsers of `.env` files read alike. */
const entry =
  /^[ \t]*(?:export[ \t]+)?[A-Za-z_][\w.-]*[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|`[^`]*`|(?!["'`])[^\n#]*?)(?:(?:^|[ \t])#[^\n]*)?[ \t]*$|^[ \t]*#[^\n]*$/gm;

/**
 * Reads a `.env` file. A byte order mark is skipped, and a missing file is empty.
 *
 * @throws if it cannot be read, is not UTF-8, or has a line whose meaning is unclear
 */
export function readEnvFile(path: string): Record<string, string | undefined> {
  const text = read(path).replaceAll('\r\n', '\n');
  const unclear = text.replace(entry, (match) => match.replaceAll(/[^\n]/g, '')).split('\n');
  const line = unclear.findIndex((rest) => rest.trim() !== '') + 1;
  if (line > 0) {
    throw new Error(
      `${path}, line ${line}: expected NAME=value or a comment. Put values that contain quotes or \`#\` in quotes.`,
    );
  }
  return parseEnv(text);
}

function read(path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (text.includes('\0')) throw new TypeError();
    return text;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    if (error instanceof TypeError)
      throw new Error(`${path}: not valid UTF-8. Save the file as UTF-8.`);
    throw new Error(`${path}: cannot read the file (${message})`);
  }
}
