import { argon2id, hash, verify } from 'argon2';
import { expect, it, vi } from 'vitest';
import { useApp } from './support/app.ts';
import { cheapParameters } from './support/cheap-passwords.ts';
import { PASSWORD, Person } from './support/flow.ts';

// Stands in for a platform for which it has no binary.
vi.mock('@node-rs/argon2', () => {
  throw new Error('Cannot find native binding.');
});

const app = useApp();

it('hashes with argon2 where @node-rs/argon2 does not load, and says so', async () => {
  const warnings = app.logLines.filter((line) => line.includes('cannot load @node-rs/argon2'));
  expect(JSON.parse(warnings[0] ?? '{}')).toMatchObject({ level: 40 });

  const ada = new Person(app);
  await ada.signUp();
  expect((await ada.login('not-the-password')).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.login()).code).toBeUndefined();
  const select = 'select password_hash as hash from accounts where email = ?';
  const [row] = await app.sql<{ hash: string }>(select, [ada.email]);
  expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await verify(row?.hash ?? '', PASSWORD)).toBe(true);

  const old = await hash(PASSWORD, { ...cheapParameters, type: argon2id });
  await app.sql('update accounts set password_hash = ? where email = ?', [old, ada.email]);
  expect((await ada.login()).code).toBeUndefined();
});
