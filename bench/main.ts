import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { onEndSignals } from '#dev/end-signals.ts';
import { describeMachine } from './machine/describe.ts';
import { chartsOf } from './report/charts.ts';
import { differences } from './report/differences.ts';
import { costTableOf, tableOf, writeBetweenMarkers } from './report/markdown.ts';
import { blocks, quickBlocks } from './rows/blocks.ts';
import { type Findings, runBlocks } from './run-blocks.ts';
import { openLab } from './setup/lab.ts';

/**
 * `npm run bench [-- quick | grow] [only=me,login] [seconds=2]`: measures the targets and prints
 * them. Without arguments it also writes them into the documents.
 */
const document = resolve(import.meta.dirname, '../docs/explain/performance.md');
const images = resolve(import.meta.dirname, '../docs/images');

const words = process.argv.slice(2);
const values = Object.fromEntries(words.map((word) => word.split('=')));
const isQuick = words.includes('quick');
const say = (line: string) => void process.stdout.write(`${line}\n`);

function chosenBlocks() {
  const names: string[] = values.only?.split(',') ?? (isQuick ? quickBlocks : Object.keys(blocks));
  const unknown = names.find((name) => !Object.hasOwn(blocks, name));
  if (unknown) throw new Error(`only=${unknown}: choose of ${Object.keys(blocks).join(', ')}`);
  return Object.fromEntries(Object.entries(blocks).filter(([name]) => names.includes(name)));
}

async function measure(): Promise<{ findings: Findings; machine: string }> {
  const chosen = chosenBlocks();
  const lab = await openLab();
  try {
    const machine = await describeMachine(lab);
    say(machine);
    const seconds = Number(values.seconds ?? (isQuick ? 1 : 2));
    return { findings: await runBlocks(lab, chosen, { seconds, say }), machine };
  } finally {
    await lab.close();
  }
}

onEndSignals(
  () => process.exit(1),
  () => process.exit(1),
);
const { findings, machine } = await measure();
const { rows, costs, counts } = findings;
const foreign = Math.max(0, ...costs.map((cost) => cost.foreign)).toFixed(2);
const report = [
  `${machine} Other programs used at most ${foreign} cores.`,
  tableOf(rows),
  ...(counts.length > 0 ? [costTableOf(costs, counts)] : []),
].join('\n\n');
say(`\n${report}`);
for (const warning of differences(rows, document)) say(`Warning: ${warning}`);
const isFull = words.length === 0 || words.includes('write');
if (isFull) {
  writeBetweenMarkers(document, report);
  for (const [name, image] of Object.entries(chartsOf(findings))) {
    const path = resolve(images, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, image);
  }
}
process.exit(rows.some(({ target, met }) => target === '14' && !met) ? 1 : 0);
