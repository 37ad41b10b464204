/** Values of `/metrics`, by name and labels as printed: `name{label="value"}`. */
export type Figures = ReadonlyMap<string, number>;

/** Reads Prometheus' text format. @throws if a line is neither a comment nor a sample */
export function parseMetrics(text: string): Figures {
  const lines = text
    .split('\n')
    .filter((line) => line !== '' && !/^# (HELP|TYPE) \w+ ./.test(line));
  return new Map(
    lines.map((line) => {
      const [, sample, value] =
        /^(\w+(?:\{\w+="[^"\\]*"(?:,\w+="[^"\\]*")*\})?) (\S+)$/.exec(line) ?? [];
      if (!sample || !Number.isFinite(Number(value))) throw new Error(`not a sample: ${line}`);
      return [sample, Number(value)];
    }),
  );
}

/** Returns the values that differ between two readings, by how much. */
export function increases(before: Figures, after: Figures): Record<string, number> {
  const changed = [...after].map(
    ([name, value]) => [name, value - (before.get(name) ?? 0)] as const,
  );
  return Object.fromEntries(changed.filter(([, difference]) => difference !== 0));
}

/** Returns all values of a label. */
export const valuesOf = (figures: Figures, label: string): Set<string> =>
  new Set(
    [...figures.keys()].flatMap((name) => name.match(RegExp(`(?<=[{,]${label}=")[^"]*`)) ?? []),
  );
