import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseAst } from 'vitest/node';

/** Middle, ninth tenth and maximum of a list of lengths, in lines. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  /** The longest ones, with their places. */
  readonly longest: readonly string[];
}

export interface Measures {
  readonly lines: number;
  readonly files: Spread;
  /** Functions with a body in braces, without migrations. Inner functions count as a part of outer ones, too. */
  readonly functions: Spread;
  /** Files directly in `src/`. */
  readonly rootFiles: readonly string[];
  /** Names that more than one file in `src/` has. */
  readonly repeatedNames: readonly string[];
}

interface Length {
  readonly place: string;
  readonly lines: number;
}

/** Measures `src`, `worker` and `dev` of the project in `root`. */
export function measure(root: string): Measures {
  const paths = globSync(['src/**/*.ts', 'worker/**/*.ts', 'dev/**/*.ts'], { cwd: root }).sort();
  const sources = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const files = sources.map(({ path, text }) => ({ place: path, lines: linesIn(text) - 1 }));
  const inSrc = paths.filter((path) => path.startsWith('src/'));
  const names = Map.groupBy(inSrc, (path) => basename(path));
  return {
    lines: files.reduce((sum, { lines }) => sum + lines, 0),
    files: spreadOf(files),
    functions: spreadOf(
      sources.filter(({ path }) => !path.startsWith('src/db/migrations/')).flatMap(functionsIn),
    ),
    rootFiles: inSrc.filter((path) => dirname(path) === 'src'),
    repeatedNames: [...names].filter(([, { length }]) => length > 1).map(([name]) => name),
  };
}

const linesIn = (text: string): number => text.split('\n').length;

function spreadOf(lengths: readonly Length[]): Spread {
  const sorted = lengths.toSorted((one, other) => one.lines - other.lines);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.lines ?? 0;
  const longest = sorted.slice(-10).reverse();
  return {
    count: sorted.length,
    ...{ p50: at(0.5), p90: at(0.9), max: at(1) },
    longest: longest.map(({ place, lines }) => `${place} (${lines})`),
  };
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

function functionsIn({ path, text }: { path: string; text: string }): Length[] {
  const found: Length[] = [];
  const visit = (node: Node): void => {
    if (/Function/.test(node.type) && isNode(node.body) && /Body|Block/.test(node.body.type)) {
      const line = linesIn(text.slice(0, node.start));
      found.push({ place: `${path}:${line}`, lines: linesIn(text.slice(node.start, node.end)) });
    }
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child);
  };
  visit(parseAst(text, { lang: 'ts' }) as unknown as Node);
  return found;
}
