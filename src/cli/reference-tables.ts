import { auditEvents } from '../audit/event-types.ts';
import { type Setting, settings } from '../config/settings.ts';
import { errorCodes } from '../errors/auth-error.ts';
import { problemTypes } from '../errors/problem-types.ts';

const mark = '<!-- made by `npm run generate` -->\n';

/** The documents that end in a generated table, with the rows of each. */
export const referenceTables = {
  'docs/operate/settings.md': settingRows,
  'docs/reference/errors.md': errorRows,
  'docs/reference/events.md': eventRows,
} satisfies Record<string, () => string[][]>;

/** Replaces what follows the mark in a document by a table. The first row is the heading. */
export function withTable(document: string, [heading = [], ...rows]: string[][]): string {
  const [text = '', old] = document.split(mark);
  if (old === undefined) throw new Error(`the document lacks the line ${mark}`);
  const lines = [heading, heading.map(() => '---'), ...rows].map((row) => {
    return `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  return text + mark + lines.join('');
}

function settingRows(): string[][] {
  const rows = Object.values<Setting>(settings).map((row) => [nameAndDefault(row), aboutOf(row)]);
  return [['setting and default', 'meaning'], ...rows];
}

/** Returns the default of a setting in production and in development; '' if there is none. */
function defaultsOf({ fallback = '' }: Setting) {
  return typeof fallback === 'string' ? { production: fallback, development: fallback } : fallback;
}

function nameAndDefault(setting: Setting): string {
  const { production } = defaultsOf(setting);
  return production ? `\`${setting.variable}=${production}\`` : `\`${setting.variable}\``;
}

/** Describes a setting. The document explains how limits differ in development. */
function aboutOf(setting: Setting): string {
  const { production, development } = defaultsOf(setting);
  const differs = production !== development && !setting.variable.startsWith('LIMIT_');
  return [
    setting.about,
    ...(setting.required && !production ? ['**Required in production.**'] : []),
    ...(differs ? [`In development \`${development}\`.`] : []),
  ].join(' ');
}

function errorRows(): string[][] {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => {
    const types = Object.values(problemTypes).filter((type) => type.code === code);
    return [`\`${code}\``, types.map(({ status }) => status).join(', ') || '–', meaning];
  });
  return [['code', 'REST', 'meaning'], ...rows];
}

function eventRows(): string[][] {
  const rows = Object.entries(auditEvents).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return [['event', 'meaning'], ...rows];
}
