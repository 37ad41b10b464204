import { expect, it } from 'vitest';
import { compare, type Measured, summarize } from '../bench/measure/compare.ts';
import { medianInterval } from '../bench/measure/statistics.ts';
import { rateRow, ratioRow } from '../bench/rows/row.ts';

const bounds = { target: '1', title: 'ours / theirs', atLeast: 2, aim: 3 };

/** Makes a contender whose rounds had these rates, while other programs used so many cores. */
function measured(rates: readonly number[], loads: readonly number[] = []): Measured {
  const rounds = rates.map((perSecond, round) => {
    const foreign = loads[round] ?? 0;
    return { perSecond, cpu: 1e6 / perSecond, cores: 1, foreign };
  });
  return summarize('contender', rounds);
}

const theirs = measured(Array(9).fill(100));
const ratioTo = (rates: readonly number[], loads?: readonly number[]) =>
  ratioRow(bounds, measured(rates, loads), theirs);

const quiet = [150, 190, 195, 202, 203, 204, 205, 206, 280];
const noisy = [150, 190, 195, 200, 220, 240, 260, 270, 280];
const allLoaded = Array(9).fill(0.3);

it.each([
  [3, [1, 3]],
  [5, [1, 5]],
  [9, [2, 8]],
  [18, [5, 14]],
  [40, [14, 27]],
])('knows the confidence interval of the median of %i values', (length, interval) => {
  const values = Array.from({ length }, (_, index) => length - index);
  expect(medianInterval(values)).toEqual(interval);
});

it('judges a quiet figure by its median', () => {
  const row = { figure: '2.03', met: true, isOpen: false };
  const detail = '203 / 100 a second; 4926 / 10000 µs of CPU';
  expect(ratioTo(quiet)).toMatchObject({ ...row, detail });
  expect(ratioTo(quiet.map((rate) => rate - 10))).toMatchObject({ met: false, isOpen: false });
});

it('judges a noisy figure by the low end of its interval', () => {
  const detail = expect.stringMatching(/^1\.90 to 2\.70 in 9 rounds; /);
  const row = { figure: '2.20', detail };
  expect(ratioTo(noisy)).toMatchObject({ ...row, met: false, isOpen: true });
  const faster = noisy.map((rate) => rate + 10);
  expect(ratioTo(faster)).toMatchObject({ figure: '2.30', met: true, isOpen: false });
  const slower = noisy.map((rate) => rate - 80);
  expect(ratioTo(slower)).toMatchObject({ figure: '1.40', met: false, isOpen: false });
});

it('leaves out rounds under load while at least half are without', () => {
  const row = ratioTo([1, 1, 1, 1, 204, 206, 206, 208], [1, 1, 1, 1]);
  expect(row).toMatchObject({ figure: '2.06', met: true });
  expect(row.detail).not.toContain('other programs');
});

it('shows a ratio under load, without counting it as met', () => {
  const detail = expect.stringMatching(/^other programs used 0\.30 cores; 2\.00 to 2\.16 in 9 /);
  const row = { figure: '2.13', detail, met: false, isOpen: true };
  const faster = quiet.map((rate) => rate + 10);
  expect(ratioTo(faster, allLoaded)).toMatchObject(row);
});

it('counts a rate under load, which only lowers it', () => {
  const row = (rates: readonly number[]) =>
    rateRow({ ...bounds, atLeast: 190 }, measured(rates, allLoaded));
  const detail = expect.stringMatching(
    /^other programs used 0\.30 cores; 190 to 270 in 9 rounds; /,
  );
  expect(row(noisy)).toMatchObject({ figure: '220/s', detail, met: true });
  expect(row(noisy.map((rate) => rate - 1))).toMatchObject({ figure: '219/s', met: false });
});

it.each([
  ['twice as many rounds if they leave a target open', true, true, 4],
  ['no more rounds of a quick run', true, false, 2],
  ['no more rounds if they decide', false, true, 2],
])('takes %s', async (_title, isOpen, mayDouble, expected) => {
  const run = async () => ({ count: 1, seconds: 1 });
  const contender = { name: 'contender', pid: process.pid, run };
  const options = { rounds: 2, mayDouble, seconds: 0, say: () => undefined };
  const { results } = await compare([contender], options, () => [{ isOpen }]);
  expect(results[0].rounds).toHaveLength(expected);
});
