import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Every Markdown file of the repository that is ours. */
export const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.startsWith('vendor/') && existsSync(join(root, path)));

export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A fenced code block of a document. */
export interface Block {
  readonly document: string;
  readonly language: string;
  readonly code: string;
}

/** Returns the code blocks of a document in their order, without the indentation of lists. */
export function blocksOf(document: string): Block[] {
  const blocks = read(document).matchAll(/^( *)```([^\n]*)\n(.*?)^ *```$/gms);
  return Array.from(blocks, ([, indent = '', language = '', code = '']) => ({
    document,
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** Returns the text of a document without its code blocks. */
const proseOf = (document: string): string =>
  read(document).replaceAll(/^( *)```.*?^ *```$/gms, '');

/** Returns the anchors of a document's headings, as GitHub derives them. */
function anchorsOf(document: string): string[] {
  return Array.from(proseOf(document).matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Returns the links of a document that lead to no file or heading. */
export function brokenLinks(document: string): string[] {
  const targets = Array.from(
    proseOf(document).matchAll(/\]\(([^)\s]+)\)/g),
    ([, target = '']) => target,
  );
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return !URL.canParse(target);
    const [path = '', anchor] = target.split('#');
    const file = path ? relative(root, resolve(root, dirname(document), path)) : document;
    if (!existsSync(join(root, file))) return true;
    return anchor !== undefined && !anchorsOf(file).includes(anchor);
  });
}

/** Returns the paths of source files that a document names in backticks and that do not exist. */
export function missingPaths(document: string): string[] {
  const paths = proseOf(document).matchAll(
    /`((?:src|worker|dev|tests|docs|client|examples)\/[\w/-]+\.[a-z.]+)`/g,
  );
  return Array.from(paths, ([, path = '']) => path).filter((path) => !existsSync(join(root, path)));
}

/** A command of the product in a document: its words, and the options that it is given. */
interface ShownCommand {
  readonly words: readonly string[];
  readonly options: readonly string[];
}

/** Returns the commands of Gatehouse that a document shows, in code blocks or in the text. */
export function commandsOf(document: string): ShownCommand[] {
  const shown = read(document).matchAll(/(?:npx |bin\/)gatehouse ([^`\n#|]+)/g);
  return Array.from(shown, ([, text = '']) => {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const end = words.findIndex((word) => !/^[a-z-]+$/.test(word) || word.startsWith('-'));
    return {
      words: (end === -1 ? words : words.slice(0, end)).slice(0, 2),
      options: words.filter((word) => /^--[a-z-]+$/.test(word) && word !== '--help'),
    };
  });
}

/** Returns the npm scripts that a document names. */
export const scriptsOf = (document: string): string[] =>
  Array.from(
    read(document).matchAll(/npm (?:run )?(ci|start|test|(?<=run )[a-z]+(?:-[a-z]+)*)/g),
    ([, script = '']) => script,
  );
