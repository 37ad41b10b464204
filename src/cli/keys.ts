import { Option } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import type { Database } from '../services.ts';
import { replaceKeys } from '../signing-keys/add-key.ts';
import { type ListedKey, listKeys } from '../signing-keys/list-keys.ts';
import { reseal, sealedKeys, sealedMails } from '../signing-keys/reseal-keys.ts';
import { rotateKey } from '../signing-keys/rotate-keys.ts';
import { type Define, type Output, printing, tableOf, timeOf } from './command-line.ts';
import { withDatabase } from './with-database.ts';

const sealedUnder = {
  current: 'SECRET_KEY',
  previous: 'SECRET_KEY_PREVIOUS',
  other: 'another secret',
  erased: '(erased)',
};

interface RotateOptions {
  readonly compromised?: true;
  readonly alg?: TokenAlgorithm;
}

export const define: Define = (keys, terminal) => {
  const open = (work: (database: Database) => Promise<Output>) =>
    withDatabase(terminal, 'gatehouse-keys', work);
  const listing = keys.command('list').description('Lists the keys, newest first.');
  printing(listing, terminal, () => open(list));

  const rotation = keys
    .command('rotate')
    .description('Publishes a new key, which starts to sign after 300 s.')
    .option('--compromised', 'sign with it at once, and refuse access tokens of all other keys')
    .addOption(
      new Option('--alg <name>', 'its algorithm (default: that of the newest key)').choices(
        tokenAlgorithms,
      ),
    );
  printing(rotation, terminal, ({ compromised, alg }: RotateOptions) =>
    open((database) => (compromised ? replace : rotate)(database, alg)),
  );

  const resealing = keys
    .command('reseal')
    .description('Re-seals under SECRET_KEY all that is sealed under SECRET_KEY_PREVIOUS.');
  printing(resealing, terminal, () => open(resealAll));
};

async function list({ orm, keySealer, clock }: Database): Promise<Output> {
  const keys = await listKeys(orm.em.fork(), keySealer, clock);
  const data = keys.map(({ secret, ...key }) => ({ ...key, sealedUnder: sealedUnder[secret] }));
  if (keys.length === 0) {
    return { data, lines: ['There is no key yet: the first start of a server makes one.'] };
  }
  const titles = ['kid', 'alg', 'created', 'signs from', 'state', 'sealed under'];
  return { data, lines: tableOf([titles, ...keys.map(rowOf)]) };
}

function rowOf(key: ListedKey): string[] {
  const { kid, alg, createdAt, signsFrom, state, verifiesUntil, secret } = key;
  const until = state === 'verifying' && verifiesUntil ? ` until ${timeOf(verifiesUntil)}` : '';
  return [kid, alg, timeOf(createdAt), timeOf(signsFrom), state + until, sealedUnder[secret]];
}

async function rotate({ orm, keySealer, clock }: Database, alg?: TokenAlgorithm): Promise<Output> {
  const { key, isNew } = await rotateKey(orm.em.fork(), keySealer, clock, alg);
  const { kid, publicJwk, signsFrom } = key;
  const when = `${kid} (${publicJwk.alg}) signs from ${timeOf(signsFrom)}`;
  if (!isNew) throw new ConfigError(`A new key waits already: ${when}`);
  const data = { kid, alg: publicJwk.alg, signsFrom };
  return { data, lines: [`A new key is published: ${when}`] };
}

async function replace({ orm, keySealer, clock }: Database, alg?: TokenAlgorithm): Promise<Output> {
  const former = await listKeys(orm.em.fork(), keySealer, clock);
  const { kid } = await replaceKeys(orm.em.fork(), keySealer, clock.now(), alg);
  const lines = [
    `A new key signs at once: ${kid}. All others are dropped, and their tokens refused.`,
  ];
  if (former.some(({ secret }) => secret === 'other')) {
    lines.push('They were sealed under another secret: start the servers anew with this one.');
  }
  return { data: { kid }, lines };
}

async function resealAll({ orm, sealer, keySealer }: Database): Promise<Output> {
  const keys = await reseal(orm.em.fork(), keySealer, sealedKeys);
  const mails = await reseal(orm.em.fork(), sealer, sealedMails);
  const lines = Object.entries({ 'signing keys': keys, mails }).map(([name, counts]) => {
    const { previous, current, other } = counts;
    const lost = other > 0 ? `, ${other} under another secret left as they are` : '';
    return `${name}: ${previous} sealed anew, ${current} up to date${lost}`;
  });
  const opened = [keys, mails].some(({ previous, current }) => previous + current > 0);
  if (!opened && keys.other + mails.other > 0) {
    const cure = 'set SECRET_KEY_PREVIOUS to the secret that sealed them';
    throw new ConfigError([...lines, `No key or mail could be opened: ${cure}`].join('\n'));
  }
  return { data: { keys, mails }, lines };
}
