/** Examples of each finding. */
const SHOWN = 20;

/** Rows that an import treats alike, and the first of them. */
export interface Finding {
  readonly count: number;
  readonly examples: readonly string[];
}

/** Collects findings by kind while rows are read. */
export class Findings {
  readonly found: Record<string, { count: number; examples: string[] }> = {};

  add(kind: string, example: string): void {
    const { [kind]: finding = { count: 0, examples: [] } } = this.found;
    this.found[kind] = finding;
    finding.count += 1;
    if (finding.examples.length < SHOWN) finding.examples.push(example);
  }
}
