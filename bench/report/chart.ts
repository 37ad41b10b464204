/** One bar of a chart. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Ours are drawn in the colour of the product. */
  readonly isOurs: boolean;
}

const SIZE = { width: 640, label: 230, bar: 300, row: 26, top: 40 };

/** Draws horizontal bars as an SVG that reads on light and dark pages. */
export function drawBars(title: string, bars: readonly Bar[]): string {
  const height = SIZE.top + bars.length * SIZE.row + 8;
  const longest = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = SIZE.top + index * SIZE.row;
    const width = Math.max(1, (value / longest) * SIZE.bar).toFixed(1);
    const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
    return [
      `<text x="${SIZE.label - 8}" y="${y + 14}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${SIZE.label}" y="${y + 2}" width="${width}" height="16" rx="2" fill="${isOurs ? '#2f6fed' : '#98a2b3'}"/>`,
      `<text x="${SIZE.label + Number(width) + 6}" y="${y + 14}">${shown}</text>`,
    ].join('\n  ');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="13" fill="#667085">
  <text x="8" y="22" font-size="15" font-weight="600">${escaped(title)}</text>
  ${rows.join('\n  ')}
</svg>
`;
}

const escaped = (text: string) =>
  text
    .replaceAll('`', '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');
