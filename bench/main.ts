import { onEndSignals } from '#dev/end-signals.ts';
import type { Block } from './rows/block.ts';
import { flood } from './rows/flood.ts';
import { login } from './rows/login.ts';
import { me } from './rows/me.ts';
import type { Row } from './rows/row.ts';
import { openLab } from './setup/lab.ts';

/** `npm run bench [-- quick] [only=me,login] [seconds=2]`: measures targets and prints them. */
const blocks: Readonly<Record<string, Block>> = { me, login, flood };
const quick = ['me', 'login', 'flood'];

const words = process.argv.slice(2);
const values = Object.fromEntries(words.map((word) => word.split('=')));
const names = values.only?.split(',') ?? (words.includes('quick') ? quick : Object.keys(blocks));
const seconds = Number(values.seconds ?? 2);
const say = (line: string) => void process.stdout.write(`${line}\n`);

onEndSignals(
  () => process.exit(1),
  () => process.exit(1),
);
const lab = await openLab();
const rows: Row[] = [];
try {
  for (const name of names) {
    const block = blocks[name];
    if (!block) throw new Error(`only=${name}: choose of ${Object.keys(blocks).join(', ')}`);
    say(`${name}:`);
    const result = await block(lab, { seconds, say });
    rows.push(...result.rows);
    for (const { name, cpu } of result.costs ?? []) say(`  ${name}: ${cpu.toFixed(0)} µs of CPU`);
  }
} finally {
  await lab.close();
}
say('');
for (const { target, title, atLeast, aim, figure, detail } of rows)
  say(`| ${target} | ${title} | ${atLeast} · ${aim} | ${figure ?? '–'} (${detail}) |`);
process.exit(0);
