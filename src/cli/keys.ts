import { Option } from 'commander';
import { ConfigError } from '../config/load-config.ts';
import type { Sealer } from '../ports/sealer.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import type { Database } from '../services.ts';
import { type KeyServices, replaceKeys } from '../signing-keys/add-key.ts';
import { type ListedKey, listKeys } from '../signing-keys/list-keys.ts';
import {
  type EncryptedColumn,
  encryptedFactors,
  encryptedKeys,
  encryptedMails,
  encryptedSecrets,
  reseal,
} from '../signing-keys/reseal-keys.ts';
import { rotateKey } from '../signing-keys/rotate-keys.ts';
import { withDatabase } from './command-config.ts';
import { type Define, type Output, printing, tableOf, timeOf } from './command-line.ts';

const encryptedWith = {
  current: 'SECRET_KEY',
  previous: 'SECRET_KEY_PREVIOUS',
  other: 'unknown secret',
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
    .description('Publishes a new key. It starts signing after 300 s.')
    .option('--compromised', 'sign with it immediately, and reject access tokens of all other keys')
    .addOption(
      new Option('--alg <name>', 'default: that of the newest key').choices(tokenAlgorithms),
    );
  printing(rotation, terminal, ({ compromised, alg }: RotateOptions) =>
    open((database) => (compromised ? replace : rotate)(database, alg)),
  );

  const resealing = keys
    .command('reseal')
    .description('Re-encrypts data with SECRET_KEY that was encrypted with SECRET_KEY_PREVIOUS.');
  printing(resealing, terminal, () => open(resealAll));
};

const servicesOf = ({ orm, keySealer, clock }: Database): KeyServices => ({
  em: orm.em.fork(),
  sealer: keySealer,
  clock,
});

async function list(database: Database): Promise<Output> {
  const keys = await listKeys(servicesOf(database));
  const data = keys.map(({ secret, ...key }) => ({ ...key, encryptedWith: encryptedWith[secret] }));
  if (keys.length === 0) {
    return { data, lines: ['No signing keys yet. Start a server to create the first one.'] };
  }
  const titles = ['kid', 'alg', 'created', 'signs from', 'state', 'encrypted with'];
  return { data, lines: tableOf([titles, ...keys.map(rowOf)]) };
}

function rowOf(key: ListedKey): string[] {
  const { kid, alg, createdAt, signsFrom, state, verifiesUntil, secret } = key;
  const until = state === 'verifying' && verifiesUntil ? ` until ${timeOf(verifiesUntil)}` : '';
  return [kid, alg, timeOf(createdAt), timeOf(signsFrom), state + until, encryptedWith[secret]];
}

async function rotate(database: Database, alg?: TokenAlgorithm): Promise<Output> {
  const { key, isNew } = await rotateKey(servicesOf(database), alg);
  const { kid, publicJwk, signsFrom } = key;
  const when = `${kid} (${publicJwk.alg}) signs from ${timeOf(signsFrom)}`;
  const cure = 'To replace all keys now, run `npx gatehouse keys rotate --compromised`.';
  if (!isNew) throw new ConfigError(`A new key is already waiting: ${when}. ${cure}`);
  const data = { kid, alg: publicJwk.alg, signsFrom };
  return { data, lines: [`Published a new key: ${when}`] };
}

async function replace(database: Database, alg?: TokenAlgorithm): Promise<Output> {
  const former = await listKeys(servicesOf(database));
  const { kid } = await replaceKeys(servicesOf(database), alg);
  const lines = [`New key ${kid} signs immediately. Access tokens of all other keys are invalid.`];
  if (former.some(({ secret }) => secret === 'other')) {
    lines.push('The other keys were encrypted with a different SECRET_KEY. Restart all servers.');
  }
  return { data: { kid }, lines };
}

async function resealAll(database: Database): Promise<Output> {
  const { orm, sealer, keySealer, webhookSealer, factorSealer } = database;
  const sum = async (own: Sealer, columns: readonly EncryptedColumn[]) => {
    const total = { current: 0, previous: 0, other: 0 };
    for (const column of columns) {
      const counts = await reseal(orm.em.fork(), own, column);
      for (const name of ['current', 'previous', 'other'] as const) total[name] += counts[name];
    }
    return total;
  };
  const keys = await sum(keySealer, [encryptedKeys]);
  const mails = await sum(sealer, [encryptedMails]);
  const secrets = await sum(webhookSealer, encryptedSecrets);
  const factors = await sum(factorSealer, encryptedFactors);
  const all = {
    'signing keys': keys,
    mails,
    'webhook secrets': secrets,
    'authenticator apps': factors,
  };
  const lines = Object.entries(all).map(([name, counts]) => {
    const { previous, current, other } = counts;
    const lost = other > 0 ? `, ${other} skipped (encrypted with an unknown secret)` : '';
    return `${name}: ${previous} re-encrypted, ${current} already up to date${lost}`;
  });
  const opened = [keys, mails].some(({ previous, current }) => previous + current > 0);
  if (!opened && keys.other + mails.other > 0) {
    const cure = 'set SECRET_KEY_PREVIOUS to the secret that encrypted them';
    throw new ConfigError([...lines, `Cannot decrypt any key or mail: ${cure}`].join('\n'));
  }
  return { data: { keys, mails, secrets, factors }, lines };
}
