import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { idleCores, operationCosts, rowBytes } from '#src/capacity/measured-costs.ts';
import { gatehouse } from './support/command.ts';

const asked = ['capacity', '--users', '100e6', '--logins-per-day', '0.3', '--peak', '5'];

/** Runs the command for one million users who only sign in by code, once a day, without a peak. */
async function estimate(...more: string[]) {
  const simple = '--users 1M --logins-per-day 1 --peak 1 --password-share 0 --refreshes-per-day 0';
  const words = [...simple.split(' '), '--reads-per-day', '0', ...more];
  const { code, output } = await gatehouse(['capacity', ...words, '--json']);
  expect(code, output).toBe(0);
  return JSON.parse(output);
}

it('prints how many of each part are needed, what ends first, and what to do then', async () => {
  const { code, output } = await gatehouse(asked);
  expect(code).toBe(0);
  const parts = ['server processes', 'workers', 'PostgreSQL cores', 'connections', 'Redis memory'];
  for (const part of [...parts, 'disk a year', 'mails a day', 'network']) {
    expect(output).toMatch(new RegExp(`^ *${part} +[\\d.,]+`, 'm'));
  }
  const [, first, cure] = /^what ends first.*\n(.+?) {2,}.* {2}(\S.*)$/m.exec(output) ?? [];
  expect([first, cure]).toEqual([
    'Redis CPU time (one core)',
    'QUEUE_REDIS_URL for the queues, then Redis Cluster',
  ]);
  expect(output).toContain('sign-ins with a password  174      868\n');
});

it('adds up the cost of each operation', async () => {
  const { demand } = await estimate();
  const rate = 1e6 / 86_400;
  const { requestOtp, verifyOtp } = operationCosts;
  expect(demand.rates).toMatchObject({ login: 0, requestOtp: rate, verifyOtp: rate, me: 0 });
  expect(demand.atPeak.server).toBeCloseTo(((requestOtp.server + verifyOtp.server) * rate) / 1e6);
  expect(demand.atPeak.statements).toBeCloseTo(6 * rate);
  expect(demand.auditEventsPerDay).toBe(2e6);
  expect(demand.yearlyBytes).toBe(2e6 * 365 * rowBytes.auditEvent);
  const { account, session, outboxEntry, redeemedChallenge } = rowBytes;
  const steady = account + 60 * session + 3 * outboxEntry + redeemedChallenge;
  expect(demand.steadyBytes).toBeCloseTo(1e6 * steady, -3);
});

it('needs as many parts as the load of the peak', async () => {
  const [plain, peak] = [await estimate(), await estimate('--peak', '100')];
  expect(plain.plan).toMatchObject({ serverProcesses: 2, workers: 2, postgres: { cores: 1 } });
  expect(peak.plan.serverProcesses).toBe(
    Math.ceil((plain.demand.atPeak.server * 100) / 0.6 / (1 - idleCores.server)),
  );
  expect(peak.plan.workers).toBe(Math.ceil((plain.plan.mailsPerSecond * 100) / 334 / 0.6));
  expect(peak.plan.postgres.bytes).toBe(plain.plan.postgres.bytes);
});

it('tells what DATABASE_READ_URL takes off the primary: lists, without the check of their tokens', async () => {
  const { demand, plan, ceilings } = await estimate('--audit-pages-per-day', '100');
  const rate = 1e8 / 86_400;
  expect(demand.rates.auditLogs).toBeCloseTo(rate);
  const { auditLogs, me } = operationCosts;
  const cores = ((auditLogs.postgres - me.postgres) * rate) / 1e6;
  expect(plan.postgres.movable.cores).toBeCloseTo(cores);
  expect(plan.postgres.movable.statements).toBeCloseTo(rate);
  expect(JSON.stringify(ceilings)).toContain('DATABASE_READ_URL for lists, a larger primary');
  const without = await estimate();
  expect(without.plan.postgres.movable).toEqual({ cores: 0, statements: 0 });
  expect(demand.atPeak.postgres - without.demand.atPeak.postgres).toBeGreaterThan(cores);
  expect(JSON.stringify(without.ceilings)).not.toContain('DATABASE_READ_URL');
});

it('stops the growth of the disk with a retention', async () => {
  const { demand } = await estimate('--retention-days', '400');
  const { demand: forever } = await estimate();
  expect(demand.yearlyBytes).toBe(0);
  expect(demand.steadyBytes - forever.steadyBytes).toBeCloseTo(2e6 * 431 * rowBytes.auditEvent, -3);
});

it('names what ends first on the given machines', async () => {
  const first = async (...more: string[]) => (await estimate(...more)).ceilings[0].part;
  expect(await first('--postgres-disk', '0.1')).toBe('PostgreSQL disk');
  expect(await first('--postgres-disk', '1000', '--redis-memory', '0.1')).toBe('Redis memory');
  expect(await first('--postgres-disk', '1e5', '--peak', '200', '--postgres-cores', '1')).toBe(
    'PostgreSQL CPU time',
  );
});

it.each(['100000000', '100e6', '100E+6', '100,000,000', '100_000_000', '100M', '100000k', '0.1b'])(
  'accepts %s as a number',
  async (users) => {
    const { code, output } = await gatehouse(['capacity', '--users', users]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^100,000,000 users\n/)]);
  },
);

it.each([
  ['--users', 'ten', 'Write a number from 1 to 1000000000000, such as 1M.'],
  ['--users', '0', 'Write a number from 1 to 1000000000000, such as 1M.'],
  ['--users', '-5', 'Write a number from 1 to 1000000000000, such as 1M.'],
  ['--users', '', 'Write a number from 1'],
  ['--users', '1.2.3', 'Write a number from 1'],
  ['--users', '1e99', 'Write a number from 1'],
  ['--users', 'Infinity', 'Write a number from 1'],
  ['--password-share', '2', 'Write a number from 0 to 1, such as 0.5.'],
  ['--peak', '0.5', 'Write a number from 1 to 1000, such as 5.'],
])('rejects %s %j and says what to write', async (option, value, cure) => {
  const { code, output } = await gatehouse(['capacity', '--users', '1M', option, value]);
  expect([code, output]).toEqual([2, expect.stringContaining(`error: option '${option}`)]);
  expect(output).toContain(cure);
});

it('rejects a missing number of users', async () => {
  const { code, output } = await gatehouse(['capacity']);
  expect([code, output]).toEqual([
    2,
    '--users: missing. Write the number of accounts: --users 1M\n',
  ]);
});

it('has costs that fit those which the bench has measured last', () => {
  const document = readFileSync(resolve('docs/explain/performance.md'), 'utf8');
  for (const [name, cost] of Object.entries(operationCosts)) {
    const title = name === 'auditLogs' ? 'auditLogs, page 1' : name;
    const row = document.split('\n').find((line) => line.startsWith(`| ${title} |`)) ?? '';
    const [, , cpu, statements, , roundTrips] = row.split('|').map(Number);
    expect([name, statements, roundTrips]).toEqual([name, cost.statements, cost.redisRoundTrips]);
    // The bench measures at saturation, where an operation costs less, and `me` with a known token.
    expect(cost.server / (cpu ?? 0), name).toBeGreaterThan(0.9);
    expect(cost.server / (cpu ?? 0), name).toBeLessThan(name === 'me' ? 6 : 3);
  }
});
