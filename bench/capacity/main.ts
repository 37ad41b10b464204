import { onEndSignals } from '#dev/end-signals.ts';
import { openLab } from '../setup/lab.ts';
import { measureBytes } from './measure-bytes.ts';
import { measureCosts } from './measure-costs.ts';
import { comparePoints, type Point } from './points.ts';

/**
 * `npm run capacity-points [-- costs | bytes]`: compares the capacity model with a running installation, and
 * fails if a figure is more than 25 % off. With `costs` or `bytes`, measures
 * constants of the model instead.
 */
const MAX_ERROR = 0.25;

const say = (line: string) => void process.stdout.write(`${line}\n`);
onEndSignals(
  () => process.exit(1),
  () => process.exit(1),
);

/** Returns the share by which the model is off. */
const errorOf = ({ predicted, measured }: Point): number => predicted / measured - 1;

const figure = (value: number): string =>
  value < 100 ? value.toFixed(3) : Math.round(value).toLocaleString('en');

const lab = await openLab();
let failed = false;
if (process.argv.includes('costs')) await measureCosts(lab, say);
else if (process.argv.includes('bytes')) await measureBytes(lab, say);
else {
  for await (const point of comparePoints(lab)) {
    const { name, unit, predicted, measured } = point;
    const error = errorOf(point);
    const isFar = Math.abs(error) > MAX_ERROR;
    failed ||= isFar;
    say(
      `${isFar ? 'FAR ' : 'ok  '}${name}: predicted ${figure(predicted)}, ` +
        `measured ${figure(measured)} ${unit} (${(error * 100).toFixed(0)} %)`,
    );
  }
}
await lab.close();
process.exit(failed ? 1 : 0);
