import { type Setting, settings } from './settings.ts';

/** The table of settings that the README shows. */
function settingsTable(): string {
  const rows = Object.values<Setting>(settings).map((setting) => {
    const about = setting.about.replaceAll('|', '\\|');
    return `| \`${setting.variable}\` | ${about} | ${fallbackText(setting)} |`;
  });
  return ['| variable | meaning | default |', '| --- | --- | --- |', ...rows].join('\n');
}

function fallbackText({ fallback, required }: Setting): string {
  const needed = '**required in production**';
  if (fallback === undefined) return required ? needed : '–';
  if (typeof fallback === 'string') return fallback ? `\`${fallback}\`` : '–';
  const { development, production } = fallback;
  if (production === development) return `\`${production}\``;
  return production
    ? `\`${production}\`, in development \`${development}\``
    : `${needed}; in development \`${development}\``;
}

const marks = [
  '<!-- settings: made by `npm run generate` -->',
  '<!-- end of settings -->',
] as const;

/** The README with today's table of settings in its place. */
export function withSettingsTable(readme: string): string {
  const [before, rest] = readme.split(marks[0]);
  const after = rest?.split(marks[1])[1];
  if (before === undefined || after === undefined) throw new Error('the README has no settings');
  return `${before}${marks[0]}\n${settingsTable()}\n${marks[1]}${after}`;
}
