/** The numbers of one kind of event, by interval. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly title: string;
  readonly about: string;
  /** Labels of the intervals, oldest first. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** Number at which counting stopped. A value that reaches it may be higher in fact. */
  readonly most: number;
}

const HEIGHT = 120;
/** Width of an interval, and of its bar. */
const STEP = 10;
const BAR = 7;

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Rounds up to a number that is easy to read. */
function ceilingOf(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const steps = [1, 2, 4, 5, 10].map((step) => step * unit);
  return steps.find((step) => step >= Math.max(value, 4)) ?? Math.max(value, 4);
}

/** Stacked bars, and a table with the same numbers. */
export function Chart({ title, about, labels, series, most }: ChartProps) {
  const totals = labels.map((_, index) => sumOf(series.map(({ values }) => values[index] ?? 0)));
  const top = ceilingOf(Math.max(...totals));
  const total = sumOf(totals);
  const isCapped = series.some(({ values }) => values.some((value) => value >= most));
  return (
    <section class="panel chart">
      <h2>{title}</h2>
      <p class="total">
        {total.toLocaleString()}
        {isCapped && '+'}
      </p>
      <p class="quiet">{about}</p>
      <figure>
        <div class="plot" aria-hidden="true">
          <span class="top">{top.toLocaleString()}</span>
          <svg
            viewBox={`0 0 ${labels.length * STEP} ${HEIGHT}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {labels.map((label, index) => (
              <Bar key={label} label={label} index={index} series={series} top={top} />
            ))}
          </svg>
          <div class="axis">
            <span>{labels[0]}</span>
            <span>{labels[Math.floor(labels.length / 2)]}</span>
            <span>{labels.at(-1)}</span>
          </div>
        </div>
        <figcaption class="legend">
          {series.map(({ name, values }, index) => (
            <span key={name} class={`series-${index}`}>
              {name} <b>{sumOf(values).toLocaleString()}</b>
            </span>
          ))}
        </figcaption>
      </figure>
      <Numbers title={title} labels={labels} series={series} />
    </section>
  );
}

interface BarProps {
  readonly label: string;
  readonly index: number;
  readonly series: readonly Series[];
  readonly top: number;
}

/** The stacked values of one interval. Hovering shows them. */
function Bar({ label, index, series, top }: BarProps) {
  const x = index * STEP + (STEP - BAR) / 2;
  const heights = series.map(({ values }) => ((values[index] ?? 0) / top) * HEIGHT);
  const text = series.map(({ name, values }) => `${name}: ${values[index] ?? 0}`).join('\n');
  return (
    <g>
      <title>{`${label}\n${text}`}</title>
      <rect class="area" x={index * STEP} y={0} width={STEP} height={HEIGHT} />
      {heights.map((height, each) => (
        <rect
          key={series[each]?.name}
          class={`series-${each}`}
          x={x}
          y={HEIGHT - sumOf(heights.slice(0, each + 1))}
          width={BAR}
          height={height}
        />
      ))}
    </g>
  );
}

interface NumbersProps {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
}

const Numbers = ({ title, labels, series }: NumbersProps) => (
  <details>
    <summary>Show as a table</summary>
    <div class="table">
      <table>
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {series.map(({ name, values }) => (
                <td key={name} class="number">
                  {(values[index] ?? 0).toLocaleString()}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);
