import type { Row } from '../rows/row.ts';
import { committedFigures } from './markdown.ts';

/** A figure that differs by more is worth a look. */
const TOLERANCE = 1 / 3;

/** Describes figures that differ from the committed table by more than a third. */
export function differences(rows: readonly Row[], document: string): string[] {
  const committed = committedFigures(document);
  return rows.flatMap(({ target, title, figure }) => {
    const before = committed.get(`${target} ${title}`);
    const now = Number.parseFloat((figure ?? '').replaceAll(',', ''));
    if (!before || Number.isNaN(now) || Math.abs(now / before - 1) <= TOLERANCE) return [];
    return [`${target}, ${title}: ${figure} differs from ${before} by more than a third`];
  });
}
