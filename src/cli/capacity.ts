import { InvalidArgumentError } from 'commander';
import { ceilingsOf, type LargestMachines } from '../capacity/ceilings.ts';
import { demandOf, type Habits } from '../capacity/demand.ts';
import { planFor } from '../capacity/plan.ts';
import { ceilingLines, planLines, rateLines } from './capacity-output.ts';
import { type Define, type Output, printing, UsageError } from './command-line.ts';

const TERABYTE = 1e12;
const GIGABYTE = 1e9;

interface Options extends Habits {
  readonly postgresCores: number;
  readonly postgresDisk: number;
  readonly redisMemory: number;
}

export const define: Define = (command, terminal) => {
  const share = numberFrom(0, 1, '0.5');
  const perDay = numberFrom(0, 1e5, '0.3');
  command
    .option('--users <number>', 'accounts, such as 100e6 or 1M', numberFrom(1, 1e12, '1M'))
    .option('--logins-per-day <number>', 'sign-ins of a user', perDay, 0.3)
    .option('--password-share <number>', 'share of sign-ins with a password', share, 0.5)
    .option('--refreshes-per-day <number>', '`refreshTokens` of a user', perDay, 2)
    .option('--reads-per-day <number>', 'other requests of a user', perDay, 10)
    .option('--audit-pages-per-day <number>', 'pages of `auditLogs` for each user', perDay, 0)
    .option('--peak <number>', 'load at the peak / average', numberFrom(1, 1000, '5'), 5)
    .option('--retention-days <number>', 'AUDIT_RETENTION_DAYS', numberFrom(0, 1e5, '400'), 0)
    .option('--postgres-cores <number>', 'largest primary', numberFrom(1, 4096, '64'), 64)
    .option('--postgres-disk <TB>', 'its largest disk', numberFrom(0.01, 1e5, '16'), 16)
    .option('--redis-memory <GB>', 'largest Redis', numberFrom(0.01, 1e5, '64'), 64);
  printing(command, terminal, async (options: Options) => outputOf(options));
};

function outputOf(options: Options): Output {
  if (!options.users)
    throw new UsageError('--users: missing. Write the number of accounts: --users 1M');
  const largest: LargestMachines = {
    postgresCores: options.postgresCores,
    postgresDisk: options.postgresDisk * TERABYTE,
    redisMemory: options.redisMemory * GIGABYTE,
  };
  const demand = demandOf(options);
  const plan = planFor(demand);
  const ceilings = ceilingsOf(plan, largest);
  return {
    data: { demand, plan, ceilings },
    lines: [
      ...rateLines(options, demand),
      '',
      ...planLines(options, demand, plan),
      '',
      ...ceilingLines(options, ceilings),
    ],
  };
}

const suffixes: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };

/** Returns a reader of numbers such as `250000`, `250,000`, `100e6`, `250k` and `1M`. */
function numberFrom(least: number, most: number, example: string): (word: string) => number {
  return (word) => {
    const [, digits = '', suffix = ''] = /^([\d.,_]+(?:e\+?\d{1,2})?)([kmb]?)$/i.exec(word) ?? [];
    const value =
      Number(digits.replaceAll(/[,_]/g, '') || 'none') * (suffixes[suffix.toLowerCase()] ?? 1);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Write a number from ${least} to ${most}, such as ${example}.`);
  };
}
