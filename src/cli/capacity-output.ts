import type { Ceiling } from '../capacity/ceilings.ts';
import type { Demand, Habits } from '../capacity/demand.ts';
import { type Plan, USABLE } from '../capacity/plan.ts';
import { tableOf } from './command-line.ts';

const count = (value: number): string =>
  value < 10 && !Number.isInteger(value)
    ? value.toFixed(1)
    : Math.round(value).toLocaleString('en');

const percent = (share: number): string => `${count(share * 100)} %`;

/** Formats bytes such as `1.2 TB`. */
function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
  return `${count(value / 1000 ** power)} ${units[power]}`;
}

/** Lists the rates of operations. */
export function rateLines({ users, peak }: Habits, { rates }: Demand): string[] {
  const row = (title: string, rate: number) => [title, count(rate / peak), count(rate)];
  return [
    `${count(users)} users`,
    '',
    ...tableOf([
      ['a second', 'average', 'peak'],
      row('sign-ins with a password', rates.login),
      row('sign-ins by code only', rates.requestOtp),
      row('refreshes', rates.refreshTokens),
      row('other requests', rates.me),
      row('pages of audit events', rates.auditLogs),
    ]),
  ];
}

/** Lists how many of each part are needed. */
export function planLines(habits: Habits, demand: Demand, plan: Plan): string[] {
  return tableOf([
    ['part', 'needs', 'because'],
    ...processRows(demand, plan),
    ...postgresRows(habits, demand, plan),
    ...redisRows(plan),
    ['mails a day', count(plan.mailsPerDay), 'sent by your mail provider'],
    ['network', `${bytes(plan.networkPerSecond)}/s`, 'at the peak, without TLS'],
  ]);
}

function processRows({ atPeak }: Demand, plan: Plan): string[][] {
  const busy = `${count(atPeak.server)} cores at the peak, ${percent(USABLE)} of each`;
  const mails = `${count(plan.mailsPerSecond)} mails a second at the peak`;
  return [
    ['server processes', count(plan.serverProcesses), busy],
    ['  memory', bytes(plan.serverMemory), ''],
    ['workers', count(plan.workers), mails],
  ];
}

function postgresRows({ retentionDays }: Habits, demand: Demand, { postgres }: Plan): string[][] {
  const events = `${count(demand.auditEventsPerDay)} audit events a day`;
  const kept = 'accounts, sessions, outbox';
  const [steady, yearly] =
    retentionDays > 0
      ? [`${kept}, audit events of ${count(retentionDays)} days`, events]
      : [kept, `${events}, kept forever`];
  const statements = `${count(postgres.statements)} statements a second at the peak`;
  return [
    ['PostgreSQL cores', count(postgres.cores), statements],
    ['  of it lists', postgres.movable.cores.toFixed(2), 'which DATABASE_READ_URL takes off'],
    ['  disk', bytes(postgres.bytes), steady],
    ['  disk a year', bytes(postgres.bytesPerYear), yearly],
    ['  write-ahead log', `${bytes(postgres.walPerSecond)}/s`, 'at the peak, also to each replica'],
    ['  connections', count(postgres.connections), 'at most'],
  ];
}

function redisRows({ redis }: Plan): string[][] {
  const trips = `${count(redis.commands)} round trips a second at the peak`;
  return [
    ['Redis memory', bytes(redis.memory), 'limits of addresses for a day, open codes'],
    ['  cores', redis.cores.toFixed(2), trips],
    ['  connections', count(redis.connections), 'at most'],
  ];
}

/** Lists what ends first, and at how many users with the same habits. */
export function ceilingLines({ users }: Habits, ceilings: readonly Ceiling[]): string[] {
  const rows = ceilings.map(({ part, used, cure }) => [
    part,
    percent(used),
    count(users / used),
    cure,
  ]);
  return tableOf([['what ends first', 'used', 'ends at users', 'then'], ...rows]);
}
