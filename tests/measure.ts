import { resolve } from 'node:path';
import { type Measures, measure, type Spread } from './support/measure.ts';

/** `npm run measure`: prints the size of files and functions, and names the longest. */
const { lines, files, functions, rootFiles, repeatedNames }: Measures = measure(
  resolve(import.meta.dirname, '..'),
);
const print = (text: string) => process.stdout.write(`${text}\n`);
const printSpread = (name: string, { count, p50, p90, max, longest }: Spread) => {
  print(`${name}: ${count}; lines p50 ${p50}, p90 ${p90}, max ${max}`);
  for (const place of longest) print(`  ${place}`);
};

print(`lines of src, worker and dev: ${lines}`);
printSpread('files', files);
printSpread('functions', functions);
print(`files in src/ itself: ${rootFiles.length} (${rootFiles.join(', ')})`);
print(`names used twice in src/: ${repeatedNames.join(', ') || 'none'}`);
