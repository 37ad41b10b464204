import { parseArgs } from 'node:util';
import { ConfigError, environmentVariables, readConfig } from '../config.ts';
import { runningVariables } from '../embedded/running-variables.ts';
import { replaceKeys } from '../keys/add-key.ts';
import { type ListedKey, listKeys } from '../keys/list.ts';
import { reseal, sealedKeys, sealedMails } from '../keys/reseal.ts';
import { rotateKey } from '../keys/rotate.ts';
import { run } from '../process.ts';
import { type Database, openDatabase } from '../runtime.ts';
import { printTable, timeOf } from './table.ts';

const sealedUnder = {
  current: 'SECRET_KEY',
  previous: 'SECRET_KEY_PREVIOUS',
  other: 'another secret',
  erased: '(erased)',
};

const usage = 'Usage: npm run keys -- list | rotate [--compromised] | reseal';

const commands: Record<string, (database: Database) => Promise<void>> = {
  list,
  rotate,
  'rotate --compromised': replace,
  reseal: resealAll,
};

/** `npm run keys -- …`: the keys that sign access tokens, and what is sealed. PostgreSQL is enough. */
await run(async () => {
  const command = commands[readArguments()];
  if (!command) throw new ConfigError(usage);
  // On a machine of development: the database of the `npm start` that runs beside this.
  const running = runningVariables('.data');
  const variables = { ...running, ...environmentVariables() };
  const config = readConfig(variables, running ? 'development' : 'production');
  const database = await openDatabase(config, 'gatehouse-keys');
  try {
    await command(database);
  } finally {
    await database.orm.close(true);
  }
});

function readArguments(): string {
  const options = { compromised: { type: 'boolean' } } as const;
  try {
    const { positionals, values } = parseArgs({ options, allowPositionals: true });
    return [...positionals, ...(values.compromised ? ['--compromised'] : [])].join(' ');
  } catch (cause) {
    throw new ConfigError(usage, { cause });
  }
}

async function list({ orm, keySealer, clock }: Database): Promise<void> {
  const keys = await listKeys(orm.em.fork(), keySealer, clock);
  if (keys.length === 0) console.log('There is no key yet: the first start of a server makes one.');
  else printTable([['kid', 'created', 'signs from', 'state', 'sealed under'], ...keys.map(rowOf)]);
}

function rowOf({ kid, createdAt, signsFrom, state, verifiesUntil, secret }: ListedKey): string[] {
  const until = state === 'verifying' && verifiesUntil ? ` until ${timeOf(verifiesUntil)}` : '';
  return [kid, timeOf(createdAt), timeOf(signsFrom), state + until, sealedUnder[secret]];
}

async function rotate({ orm, keySealer, clock }: Database): Promise<void> {
  const { key, isNew } = await rotateKey(orm.em.fork(), keySealer, clock);
  const when = `${key.kid} signs from ${timeOf(key.signsFrom)}`;
  if (!isNew) throw new ConfigError(`A new key waits already: ${when}`);
  console.log(`A new key is published: ${when}`);
}

async function replace({ orm, keySealer, clock }: Database): Promise<void> {
  const former = await listKeys(orm.em.fork(), keySealer, clock);
  const { kid } = await replaceKeys(orm.em.fork(), keySealer, clock.now());
  console.log(`A new key signs at once: ${kid}. All others are dropped, and their tokens refused.`);
  if (former.some(({ secret }) => secret === 'other')) {
    console.log('They were sealed under another secret: start the servers anew with this one.');
  }
}

async function resealAll({ orm, sealer, keySealer }: Database): Promise<void> {
  const columns = [
    { name: 'signing keys', opener: keySealer, column: sealedKeys },
    { name: 'mails', opener: sealer, column: sealedMails },
  ];
  for (const { name, opener, column } of columns) {
    const { previous, current, other } = await reseal(orm.em.fork(), opener, column);
    const lost = other > 0 ? `, ${other} under another secret left as they are` : '';
    console.log(`${name}: ${previous} sealed anew, ${current} up to date${lost}`);
  }
}
