import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { readConfig } from '#src/config/load-config.ts';
import { gatehouse } from './support/command.ts';

const stores = { DATABASE_URL: 'postgres://a@b/c', REDIS_URL: 'redis://d', SECRET_KEY: 'x' };
const read = (text: string) =>
  readConfig({ ...stores, INTROSPECTION_CLIENTS: text }, 'development').introspectionClients;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

it('stops the start with the number of a wrong entry, and shows none of its text', () => {
  const good = `crm:${hashOf('a long secret')}`;
  expect(read(good)).toEqual([{ id: 'crm', secretHash: hashOf('a long secret') }]);
  expect(() => read(`${good},billing:wool-lantern-73`)).toThrow(
    /^INTROSPECTION_CLIENTS: must be `id:hash` of each client, separated by commas: entry 2 is not `id:hash` with 64 hexadecimal digits; make one with `npx gatehouse introspection-clients new ID`$/,
  );
  for (const weak of ['', '\n', 'secret', 'crm', 'crm\n']) {
    expect(() => read(`crm:${hashOf(weak)}`)).toThrow(
      /secret of entry 1 is empty or easy to guess/,
    );
  }
});

it('makes a secret of 256 bits, shows it once, and keeps the other entries', async () => {
  const present = `billing:${hashOf('another secret')}`;
  const variables = { INTROSPECTION_CLIENTS: present };
  const words = ['introspection-clients', 'new', 'orders-api'];
  const { code, output } = await gatehouse([...words, '--json'], { variables });
  const { id, secret, entry, setting } = JSON.parse(output);
  expect([code, id, entry, setting]).toEqual([
    0,
    'orders-api',
    `orders-api:${hashOf(secret)}`,
    `${present},${entry}`,
  ]);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(read(setting)).toHaveLength(2);
  const text = await gatehouse(words);
  expect(text.output).toMatch(
    /^Secret of orders-api, .+\n[\w-]{43}\n\n.+\nINTROSPECTION_CLIENTS=orders-api:[\da-f]{64}\n$/,
  );
});

it.each(['orders api', 'a:b', 'ü', ''])('rejects the id "%s"', async (id) => {
  const { code, output } = await gatehouse(['introspection-clients', 'new', id]);
  expect([code, output]).toEqual([2, expect.stringMatching(/^The id must be /)]);
});

it('hides the entries in `config check`', async () => {
  const variables = { ...stores, INTROSPECTION_CLIENTS: 'crm:wool-lantern-73' };
  const { code, output } = await gatehouse(['config', 'check'], { variables });
  expect([code, output]).toEqual([1, expect.stringMatching(/INTROSPECTION_CLIENTS +\(19 char/)]);
  expect(output).not.toContain('wool-lantern');
});
