import type { Row } from './row.ts';

/** Breaches of one event that are shown. */
const SHOWN = 12;

/** Writes rows as a table of Markdown, and how many of them are as they have to be. */
export function report(rows: readonly Row[]): string {
  const titles = Object.keys(rows[0]?.cells ?? {});
  const lines = [
    ['event', ...titles],
    ['---', ...titles.map(() => '---')],
    ...rows.map(({ event, cells }) => [event, ...titles.map((title) => cells[title] ?? '')]),
  ];
  const table = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const failed = rows.filter(({ breaches }) => breaches.length > 0).length;
  return `\n${table}\n\n${rows.length - failed} passed, ${failed} failed\n`;
}

/** Describes one row on lines of its own, with all that must not be. */
export function describeRow({ event, cells, breaches }: Row): string {
  const more = breaches.length - SHOWN;
  return [
    `${breaches.length > 0 ? 'FAILED' : 'ok'}  ${event}`,
    ...breaches.slice(0, SHOWN).map((line) => `          ${line}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    `          ${Object.entries(cells)
      .map(([title, cell]) => `${title}: ${cell}`)
      .join(' · ')}`,
  ].join('\n');
}
