import { Redis } from 'ioredis';
import { operationCosts, redisBytes, rowBytes } from '#src/capacity/measured-costs.ts';
import { signInsAt } from '../rows/sign-ins.ts';
import type { Lab } from '../setup/lab.ts';
import { newAddresses, requestCodes, signIn } from '../setup/people.ts';
import { measureCost, measureIdle } from './measure-costs.ts';
import { emptyOutbox, useOf } from './parts.ts';
import { growthOf, sizesOfTables } from './table-sizes.ts';

/** Whole sign-ins a second, and for how many seconds. */
const RATE = 50;
const SECONDS = 10;
/** New accounts that sign in. */
const SIGN_INS = 8000;
/** Tables whose rows stay. Others reuse the space of the rows of a day. */
const lasting = ['accounts', 'sessions', 'audit_events', 'audit_seals'];
/** Addresses that request a code and do not redeem it. */
const OPEN_CODES = 10_000;

/** A figure of the model beside the measured one. */
export interface Point {
  readonly name: string;
  readonly unit: string;
  readonly predicted: number;
  readonly measured: number;
}

/** Compares the model with an installation that runs, point by point. */
export async function* comparePoints(lab: Lab): AsyncGenerator<Point> {
  // Compiles, and opens connections.
  await signIn(lab.client, lab.server.port, 500);
  await emptyOutbox(lab);
  yield await growth(lab);
  yield await redisMemory(lab);
  yield* await cpuAtRate(lab);
}

/**
 * CPU time of all parts while known people sign in by code. Machines differ, so `requestOtp` alone says
 * first how long this one takes for what the model has measured.
 */
async function cpuAtRate(lab: Lab): Promise<Point[]> {
  const idle = await measureIdle(lab);
  const reference = await measureCost(lab, 'requestOtp', idle);
  const known = await signIn(lab.client, lab.server.port, RATE * SECONDS);
  const emails = known.map(({ email }) => email);
  await emptyOutbox(lab);
  const { cpu, seconds } = await useOf(lab, async () => {
    const { failures } = await signInsAt(lab, RATE, emails);
    if (failures > 0) throw new Error(`${failures} sign-ins failed at ${RATE} a second`);
  });
  const { requestOtp, verifyOtp } = operationCosts;
  return (['server', 'worker', 'postgres'] as const).map((part) => {
    const slowness = reference.cpu[part] / requestOtp[part];
    const cost = (requestOtp[part] + verifyOtp[part]) * slowness;
    return {
      name: `CPU of ${part} at ${RATE} sign-ins a second, ${slowness.toFixed(2)} times as slow`,
      unit: 'cores',
      predicted: (cost * RATE * SECONDS) / 1e6 / seconds + idle[part],
      measured: cpu[part] / 1e6 / seconds,
    };
  });
}

/** Growth of the tables whose rows stay, when new people sign in by code. */
async function growth(lab: Lab): Promise<Point> {
  const before = await sizesOfTables(lab);
  for (let made = 0; made < SIGN_INS; made += 1000) {
    await signIn(lab.client, lab.server.port, 1000);
  }
  await emptyOutbox(lab);
  const grown = growthOf(before, await sizesOfTables(lab));
  const { account, session, auditEvent } = rowBytes;
  return {
    name: `PostgreSQL after ${SIGN_INS} sign-ins of new accounts`,
    unit: 'bytes',
    predicted: SIGN_INS * (account + session + 2 * auditEvent),
    measured: lasting.reduce((sum, table) => sum + (grown[table] ?? 0), 0),
  };
}

/** Memory of Redis when people have requested a code. */
async function redisMemory(lab: Lab): Promise<Point> {
  const redis = new Redis(lab.stores.redisUrl);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const before = await used();
  await requestCodes(lab.client, lab.server.port, newAddresses(OPEN_CODES));
  await emptyOutbox(lab);
  const measured = (await used()) - before;
  redis.disconnect();
  return {
    name: `Redis with ${OPEN_CODES} open codes`,
    unit: 'bytes',
    predicted: OPEN_CODES * (redisBytes.address + redisBytes.openCode),
    measured,
  };
}
