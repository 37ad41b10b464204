import type { Measured } from '../measure/compare.ts';
import type { Findings } from '../run-blocks.ts';
import { drawBars } from './chart.ts';

const charts = {
  'bench-reads.svg': {
    title: 'Requests a second on one core: cheap reads',
    names: /^(`me`|bare Yoga|Better Auth get-session)/,
  },
  'bench-codes.svg': {
    title: 'Requests a second on one core: codes and tokens',
    names: /^(`(requestOtp|verifyOtp|refreshTokens)`|Better Auth (request|verify) code)/,
  },
  'bench-logins.svg': {
    title: 'Password sign-ins a second on one core',
    names: /^(`login`|Better Auth sign-in|@node-rs\/argon2|argon2)/,
  },
};

export interface Chart {
  readonly title: string;
  /** SVG. */
  readonly image: string;
}

/** Returns images by file name, of what was measured. */
export function chartsOf({ costs }: Findings): Record<string, Chart> {
  const drawn = Object.entries(charts).flatMap(([file, { title, names }]) => {
    const measured = newest(costs).filter(({ name }) => names.test(name));
    const bars = measured.map(({ name, perSecond }) => ({
      label: name,
      value: perSecond,
      isOurs: name.startsWith('`'),
    }));
    return bars.length > 0 ? [[file, { title, image: drawBars(title, bars) }] as const] : [];
  });
  return Object.fromEntries(drawn);
}

/** An operation may be measured in several blocks. */
const newest = (costs: readonly Measured[]): Measured[] => [
  ...new Map(costs.map((cost) => [cost.name, cost])).values(),
];
