import { Option } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import { type Database, openDatabase } from '../services.ts';
import { replaceKeys } from '../signing-keys/add-key.ts';
import { type ListedKey, listKeys } from '../signing-keys/list-keys.ts';
import { reseal, sealedKeys, sealedMails } from '../signing-keys/reseal-keys.ts';
import { rotateKey } from '../signing-keys/rotate-keys.ts';
import { readCommandConfig } from './command-config.ts';
import { commandLine, run } from './command-line.ts';
import { printTable, timeOf } from './table.ts';

const sealedUnder = {
  current: 'SECRET_KEY',
  previous: 'SECRET_KEY_PREVIOUS',
  other: 'another secret',
  erased: '(erased)',
};

const program = commandLine(
  'npm run keys --',
  'Manages the signing keys of access tokens, and re-seals stored secrets. Needs PostgreSQL only.',
);
program
  .command('list')
  .description('Lists the keys, newest first.')
  .action(() => withDatabase(list));
program
  .command('rotate')
  .description('Publishes a new key, which starts to sign after 300 s.')
  .option('--compromised', 'sign with it at once, and refuse access tokens of all other keys')
  .addOption(
    new Option('--alg <name>', 'its algorithm (default: that of the newest key)').choices(
      tokenAlgorithms,
    ),
  )
  .action(({ compromised, alg }: { compromised?: true; alg?: TokenAlgorithm }) =>
    withDatabase((database) => (compromised ? replace : rotate)(database, alg)),
  );
program
  .command('reseal')
  .description('Re-seals under SECRET_KEY all that is sealed under SECRET_KEY_PREVIOUS.')
  .action(() => withDatabase(resealAll));
await run(program);

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const needed = ['databaseUrl', 'databaseCa', 'secretKey', 'secretKeyPrevious'] as const;
  const database = await openDatabase(await readCommandConfig(needed), 'gatehouse-keys');
  try {
    await work(database);
  } finally {
    await database.orm.close(true);
  }
}

async function list({ orm, keySealer, clock }: Database): Promise<void> {
  const keys = await listKeys(orm.em.fork(), keySealer, clock);
  if (keys.length === 0) console.log('There is no key yet: the first start of a server makes one.');
  else
    printTable([
      ['kid', 'alg', 'created', 'signs from', 'state', 'sealed under'],
      ...keys.map(rowOf),
    ]);
}

function rowOf({
  kid,
  alg,
  createdAt,
  signsFrom,
  state,
  verifiesUntil,
  secret,
}: ListedKey): string[] {
  const until = state === 'verifying' && verifiesUntil ? ` until ${timeOf(verifiesUntil)}` : '';
  return [kid, alg, timeOf(createdAt), timeOf(signsFrom), state + until, sealedUnder[secret]];
}

async function rotate({ orm, keySealer, clock }: Database, alg?: TokenAlgorithm) {
  const { key, isNew } = await rotateKey(orm.em.fork(), keySealer, clock, alg);
  const when = `${key.kid} (${key.publicJwk.alg}) signs from ${timeOf(key.signsFrom)}`;
  if (!isNew) throw new ConfigError(`A new key waits already: ${when}`);
  console.log(`A new key is published: ${when}`);
}

async function replace({ orm, keySealer, clock }: Database, alg?: TokenAlgorithm) {
  const former = await listKeys(orm.em.fork(), keySealer, clock);
  const { kid } = await replaceKeys(orm.em.fork(), keySealer, clock.now(), alg);
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
  let opened = 0;
  let unreadable = 0;
  for (const { name, opener, column } of columns) {
    const { previous, current, other } = await reseal(orm.em.fork(), opener, column);
    const lost = other > 0 ? `, ${other} under another secret left as they are` : '';
    console.log(`${name}: ${previous} sealed anew, ${current} up to date${lost}`);
    opened += previous + current;
    unreadable += other;
  }
  if (unreadable > 0 && opened === 0) {
    throw new ConfigError(
      'No key or mail could be opened: set SECRET_KEY_PREVIOUS to the secret that sealed them',
    );
  }
}
