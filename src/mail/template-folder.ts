import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf, type MailKind } from './mail-kinds.ts';
import { type Part, parts } from './own-templates.ts';

/** Bytes that a file may have. Gmail cuts mails off at 102 kB. */
const MAX_BYTES = { html: 90_000, txt: 20_000, subject: 500 };

/** A file of `MAIL_TEMPLATES`. */
export interface TemplateFile {
  /** Path inside the folder. */
  readonly name: string;
  /** Canonical language tag; undefined for a file that applies to every language. */
  readonly lang: string | undefined;
  readonly kind: MailKind | 'layout';
  readonly part: Part;
  readonly text: string;
}

/** A problem that its message explains. */
class TemplateProblem extends Error {}

/** Reads all templates of a folder. @returns the files, and a line for each that is wrong */
export function readTemplateFolder(folder: string, kinds: readonly MailKind[]) {
  const files: TemplateFile[] = [];
  const problems: string[] = [];
  const named = new Map(kinds.map((kind) => [fileNameOf(kind), kind]));
  const collect = (inner: string, lang: string | undefined) => {
    for (const entry of entriesOf(folder, inner)) {
      const name = join(inner, entry.name);
      try {
        const isFolder = entry.isDirectory;
        if (isFolder && lang !== undefined) throw new TemplateProblem('move it one level up.');
        if (isFolder) collect(name, languageOf(entry.name));
        else files.push(...readTemplate(join(folder, name), { name, lang, named }));
      } catch (error) {
        problems.push(`${name}: ${messageOf(error)}`);
      }
    }
  };
  try {
    collect('', undefined);
  } catch (error) {
    problems.push(`${folder}: ${messageOf(error)}`);
  }
  return { files, problems };
}

/** Lists a folder in a fixed order. Kubernetes and file managers add names that begin with a dot. */
function entriesOf(folder: string, inner: string) {
  return readdirSync(join(folder, inner), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => ({ name: entry.name, isDirectory: isDirectory(join(folder, inner), entry) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Follows a symbolic link: a mounted ConfigMap consists of them. */
function isDirectory(
  folder: string,
  entry: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean },
) {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    readdirSync(join(folder, entry.name));
    return true;
  } catch {
    return false;
  }
}

function languageOf(name: string): string {
  const [lang] = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(name) ? Intl.getCanonicalLocales(name) : [];
  if (lang === name) return lang;
  const better = lang ?? name.replaceAll('_', '-');
  const cure = /^[a-z]{2,3}(-\w+)+$/i.test(better) ? `Rename it to ${better}.` : 'Remove it.';
  throw new TemplateProblem(`not a language tag such as \`de\` or \`pt-BR\`. ${cure}`);
}

interface Place extends Pick<TemplateFile, 'name' | 'lang'> {
  readonly named: ReadonlyMap<string, MailKind>;
}

/** Reads a file; a README and the like is no template. */
function readTemplate(path: string, { name, lang, named }: Place): TemplateFile[] {
  const [, base = '', ending] = /([^/]*)\.(\w+)$/.exec(name) ?? [];
  const part = parts.find((each) => each === ending);
  if (!part) return [];
  const kind = base === 'layout' ? base : named.get(base);
  if (!kind || (kind === 'layout' && part !== 'html')) {
    throw new TemplateProblem(
      `no mail has this template. Rename it to one of layout.html, ${[...named.keys()].join(', ')} with .${part}, or remove it.`,
    );
  }
  return [{ name, lang, kind, part, text: readText(path, part) }];
}

function readText(path: string, part: Part): string {
  const bytes = readFileSync(path);
  if (bytes.length > MAX_BYTES[part]) {
    throw new TemplateProblem(`${bytes.length} bytes. Shorten it to ${MAX_BYTES[part]}.`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    throw new TemplateProblem(`line ${lineOfBadByte(bytes)} is not UTF-8. Save the file as UTF-8.`);
  }
  const control = text.search(/[^\P{Cc}\n\t]/u);
  if (control >= 0) {
    throw new TemplateProblem(`line ${lineAt(text, control)} has a control character. Remove it.`);
  }
  if (part !== 'subject') return text;
  const line = text.trim();
  if (line && !line.includes('\n')) return line;
  throw new TemplateProblem('line 1: a subject is one line of text. Write exactly one.');
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** Counts lines up to the first byte that breaks UTF-8, which lenient decoding replaces. */
function lineOfBadByte(bytes: Buffer): number {
  const decoder = new TextDecoder();
  const line = bytes
    .toString('latin1')
    .split('\n')
    .findIndex((each) => {
      const part = Buffer.from(each, 'latin1');
      return !Buffer.from(decoder.decode(part)).equals(part) && !part.includes('\u{FEFF}');
    });
  return line + 1;
}

function messageOf(error: unknown): string {
  if (error instanceof TemplateProblem) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return `cannot read it (${code ?? message}).`;
}
