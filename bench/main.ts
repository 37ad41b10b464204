import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { onEndSignals } from '#dev/end-signals.ts';
import { grow } from './grow/grow.ts';
import { describeMachine } from './machine/describe.ts';
import { chartsOf } from './report/charts.ts';
import { differences } from './report/differences.ts';
import { costTableOf, tableOf, writeBetweenMarkers } from './report/markdown.ts';
import { blocks, quickBlocks } from './rows/blocks.ts';
import { type Findings, runBlocks } from './run-blocks.ts';
import { openLab } from './setup/lab.ts';

/**
 * `npm run bench [-- quick | grow | only=me,login] [rounds=9] [seconds=2] [minutes=10]`: measures targets and
 * prints them. Without the first argument it measures all, and writes them into the documents.
 */
const document = resolve(import.meta.dirname, '../docs/explain/performance.md');
const images = resolve(import.meta.dirname, '../docs/images');

const words = process.argv.slice(2);
const values = Object.fromEntries(words.map((word) => word.split('=')));
const isQuick = words.includes('quick');
const isGrow = words.includes('grow');
const isFull = !isQuick && !isGrow && values.only === undefined;
const say = (line: string) => void process.stdout.write(`${line}\n`);

function chosenBlocks() {
  if (isGrow) return {};
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
    const rounds = Number(values.rounds ?? (isQuick ? 3 : 9));
    const minutes = Number(values.minutes ?? 10);
    const options = { rounds, mayDouble: !isQuick, seconds, say, minutes };
    return { findings: await runBlocks(lab, chosen, options), machine };
  } finally {
    await lab.close();
  }
}

/** Measures the growth of tables. */
function measureGrowth() {
  const { accounts = 1e6, sessions = 1e6, audit = 5e6 } = values;
  const sizes = { accounts: Number(accounts), sessions: Number(sessions), audit: Number(audit) };
  return grow(sizes, say);
}

/** Prints what was found. Returns it as Markdown. */
function report({ findings, machine }: { findings: Findings; machine: string }): string {
  const { rows, costs, counts } = findings;
  const foreign = Math.max(0, ...costs.map((cost) => cost.foreign)).toFixed(2);
  const text = [
    `${machine} Other programs used at most ${foreign} cores.`,
    tableOf(rows),
    ...(counts.length > 0 ? [costTableOf(costs, counts)] : []),
  ].join('\n\n');
  say(`\n${text}`);
  for (const warning of differences(rows, document)) say(`Warning: ${warning}`);
  return text;
}

/** Writes table and charts into the documents. */
function writeDocuments(text: string, findings: Findings): void {
  const charts = Object.entries(chartsOf(findings));
  for (const [name, { image }] of charts) writeFileSync(resolve(images, name), image);
  const links = charts.map(([name, { title }]) => `![${title}](../images/${name})`);
  writeBetweenMarkers(document, [text, ...links].join('\n\n'));
}

onEndSignals(
  () => process.exit(1),
  () => process.exit(1),
);
const { findings, machine } = await measure();
let scans: readonly string[] = [];
if (isGrow || isFull) {
  const grown = await measureGrowth();
  findings.rows.push(...grown.rows);
  ({ scans } = grown);
}
const text = report({ findings, machine });
if (isFull) writeDocuments(text, findings);
for (const scan of scans) say(`Sequential scan of ${scan}`);
process.exit(scans.length > 0 ? 1 : 0);
