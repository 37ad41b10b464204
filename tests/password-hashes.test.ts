import { hash } from 'argon2';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp({}, { fullHashes: true });

it('stores a password as argon2id with the parameters of OWASP and a random salt', async () => {
  const people = [new Person(app), new Person(app)];
  for (const person of people) await person.register();
  const rows = await app.sql<{ password_hash: string }>(
    'select password_hash from accounts where email in (?, ?)',
    people.map(({ email }) => email),
  );

  const [first, second] = rows.map((row) => row.password_hash);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$/);
  expect(first).not.toBe(second);
});

it('rehashes the password at sign-in if the parameters have changed', async () => {
  const ada = new Person(app);
  await ada.signUp();
  const old = await hash(PASSWORD, { memoryCost: 12_288, timeCost: 3, parallelism: 1 });
  await app.sql('update accounts set password_hash = ? where email = ?', [old, ada.email]);

  expect((await ada.login()).code).toBeUndefined();
  const [row] = await app.sql<{ password_hash: string }>(
    'select password_hash from accounts where email = ?',
    [ada.email],
  );
  expect(row?.password_hash).toMatch(/m=19456,p=1,t=2/);
  expect((await ada.login()).code).toBeUndefined();
});
