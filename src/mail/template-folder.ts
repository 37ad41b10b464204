import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf, type MailKind } from './mail-kinds.ts';
import { lineAt } from './mail-template.ts';
import { type Part, parts } from './shipped-templates.ts';

/** Maximum size of a file in bytes. Gmail clips mails at 102 kB. */
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

/** A problem with a file. Its message includes the cure. */
class TemplateProblem extends Error {}

/** Reads all templates of a folder. @returns the files, and a line for each that is wrong */
export function readTemplateFolder(folder: string, kinds: readonly MailKind[]) {
  const files: TemplateFile[] = [];
  const problems: string[] = [];
  const named = new Map(kinds.map((kind) => [fileNameOf(kind), kind]));
  const collect = (inner: string, lang: string | undefined) => {
    for (const base of namesIn(join(folder, inner))) {
      const name = join(inner, base);
      try {
        // Follows symbolic links: a mounted ConfigMap consists of them.
        const isFolder = statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory();
        if (isFolder && lang !== undefined) throw new TemplateProblem('move it one level up.');
        if (isFolder) collect(name, languageOf(base));
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

/** Lists a folder in a fixed order, without the hidden names of Kubernetes and file managers. */
const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort();

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

/** Reads a template. Ignores other files, such as a README. */
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
  if (!isUtf8(bytes)) {
    throw new TemplateProblem(`line ${lineOfBadByte(bytes)} is not UTF-8. Save the file as UTF-8.`);
  }
  const text = new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
  const control = text.search(/[^\P{Cc}\n\t]/u);
  if (control >= 0) {
    throw new TemplateProblem(`line ${lineAt(text, control)} has a control character. Remove it.`);
  }
  if (part !== 'subject') return text;
  const line = text.trim();
  if (line && !line.includes('\n')) return line;
  throw new TemplateProblem('line 1: a subject is one line of text. Write exactly one.');
}

/** Returns the number of the first line that is not UTF-8. */
const lineOfBadByte = (bytes: Buffer): number =>
  bytes
    .toString('latin1')
    .split('\n')
    .findIndex((line) => !isUtf8(Buffer.from(line, 'latin1'))) + 1;

function messageOf(error: unknown): string {
  if (error instanceof TemplateProblem) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return `cannot read it (${code ?? message}).`;
}
