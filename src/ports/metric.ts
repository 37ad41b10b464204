/** One name in `/metrics`. docs/reference/metrics.md prints all of them. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Which processes report it. */
  readonly from: 'server' | 'worker' | 'both';
  readonly labels: readonly string[];
  readonly help: string;
  /** How the values of several processes of one server become one. */
  readonly merge: 'sum' | 'min' | 'max';
}

type Rest = Partial<Pick<Metric, 'labels' | 'merge'>>;
const of =
  <Type extends Metric['type']>(type: Type) =>
  (name: string, from: Metric['from'], help: string, rest: Rest = {}) => ({
    ...{ name, type, from, help, labels: [] as readonly string[], merge: 'sum' as const },
    ...rest,
  });
export const [counter, gauge, histogram] = [of('counter'), of('gauge'), of('histogram')];
