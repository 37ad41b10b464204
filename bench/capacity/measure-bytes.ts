import { Redis } from 'ioredis';
import { fill } from '../grow/fill.ts';
import { median } from '../measure/statistics.ts';
import type { Lab } from '../setup/lab.ts';
import { newAddresses, requestCodes, signIn } from '../setup/people.ts';
import { emptyOutbox } from './parts.ts';
import { growthOf, sizesOfTables } from './table-sizes.ts';

/** People who sign in or request a code. */
const PEOPLE = 3000;
/** Rows that the generator of `npm run bench -- grow` makes. */
const ROWS = 100_000;
/** Keys whose memory is asked for. */
const KEYS = 200;

/** Measures the bytes of `src/capacity/measured-costs.ts`. */
export async function measureBytes(lab: Lab, say: (line: string) => void): Promise<void> {
  await emptyOutbox(lab);
  const before = await sizesOfTables(lab);
  for (let made = 0; made < PEOPLE; made += 1000) {
    await signIn(lab.client, lab.server.port, 1000);
  }
  await emptyOutbox(lab);
  const grown = growthOf(before, await sizesOfTables(lab));
  for (const [table, bytes] of Object.entries(grown)) {
    if (bytes > 0) say(`${table}: ${(bytes / PEOPLE).toFixed(0)} bytes a sign-in`);
  }
  await measureRedis(lab, say);
  const unfilled = await sizesOfTables(lab);
  const sizes = { accounts: ROWS, sessions: ROWS, audit: ROWS };
  await lab.withClient((client) => fill({ sql: lab.sql, client, sizes, progress: () => {} }));
  const filled = growthOf(unfilled, await sizesOfTables(lab));
  for (const table of ['accounts', 'sessions', 'audit_events']) {
    say(`${table}: ${((filled[table] ?? 0) / ROWS).toFixed(0)} bytes a row of ${ROWS}`);
  }
}

/** Prints the memory of each kind of key, and what the tables of keys and of expiries add to it. */
async function measureRedis(lab: Lab, say: (line: string) => void): Promise<void> {
  const redis = new Redis(lab.stores.redisUrl);
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const before = await used();
  await requestCodes(lab.client, lab.server.port, newAddresses(PEOPLE));
  await emptyOutbox(lab);
  const grown = (await used()) - before;
  let known = 0;
  for (const kind of ['address:*', 'mailbox:*', 'code:*']) {
    const keys = (await redis.keys(kind)).slice(0, KEYS);
    const bytes = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
    const middle = median(bytes.map(Number));
    known += middle;
    say(`${kind}: ${middle} bytes`);
  }
  say(`Redis: ${(grown / PEOPLE - known).toFixed(0)} more bytes for the three keys of an address`);
  redis.disconnect();
}
