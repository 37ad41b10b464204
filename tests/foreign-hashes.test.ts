import { scryptSync } from 'node:crypto';
import { argon2d, argon2i, argon2id, hash as hashArgon2 } from 'argon2';
import { expect, it, onTestFinished, vi } from 'vitest';
import { argon2Parameters } from '#src/adapters/argon2.ts';
import { loadArgon2 } from '#src/adapters/argon2-library.ts';
import { readHash } from '#src/adapters/hash-formats.ts';
import { findNextHash } from '#src/db/next-hash.ts';
import { openRuntime } from '#src/services.ts';
import { useApp } from './support/app.ts';
import { runDjango, skipsDjango } from './support/django.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp({}, { fullHashes: true });

async function hashOf({ email }: Person): Promise<string> {
  const select = 'select password_hash as hash from accounts where email = ?';
  const [row] = await app.sql<{ hash: string }>(select, [email]);
  return row?.hash ?? '';
}

/** Creates a verified account with this hash. */
async function personWith(hash: string): Promise<Person> {
  const person = new Person(app);
  await app.sql(
    `insert into accounts (id, email, password_hash, email_verified_at, role, created_at)
     values (gen_random_uuid(), ?, ?, now(), 'USER', now())`,
    [person.email, hash],
  );
  return person;
}

const bcryptHash = '$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW';

/** Hashes and their passwords, as the documents of their formats publish them. */
const published = [
  [
    'scrypt of RFC 7914',
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
    'pleaseletmein',
  ],
  [
    'PBKDF2 of passlib',
    '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
    'password',
  ],
  ['bcrypt', bcryptHash, 'abc123xyz'],
  ['bcrypt of PHP', bcryptHash.replace('2a', '2y'), 'abc123xyz'],
  [
    'scrypt of Firebase',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
    'user1password',
  ],
] as const;

/** Whether a hash matches a password, and another one. */
async function matches(hash: string, password: string): Promise<unknown[]> {
  const library = await loadArgon2(app.runtime.log);
  const verify = (given: string) => readHash(hash)?.verify(given, library);
  return [await verify(password), await verify(`${password}.`)];
}

it.each(published)('verifies a published hash: %s', async (_name, hash, password) => {
  expect(await matches(hash, password)).toEqual([true, false]);
});

it.each([
  ['argon2d', { type: argon2d, memoryCost: 2048, timeCost: 3, parallelism: 4 }],
  ['argon2i', { type: argon2i, memoryCost: 1024, timeCost: 4, parallelism: 1 }],
  ['argon2id', { type: argon2id, memoryCost: 102_400, timeCost: 2, parallelism: 8 }],
] as const)('verifies %s with other parameters', async (_name, parameters) => {
  expect(await matches(await hashArgon2(PASSWORD, parameters), PASSWORD)).toEqual([true, false]);
});

const tag = 'A'.repeat(43);
const salt = 'c2FsdHNhbHRzYWx0';

it.each([
  ['pbkdf2_sha256$2000001$salt$', tag],
  ['$pbkdf2-sha512$i=1000000000$c2FsdHNhbHQ$', tag],
  ['$2b$15$', bcryptHash.slice(7)],
  ['bcrypt_sha256$$2b$31$', bcryptHash.slice(7)],
  ['scrypt$1048576$salt$8$1$', tag],
  ['scrypt$16384$salt$8$9$', tag],
  ['scrypt$16385$salt$8$1$', tag],
  [`$scrypt$ln=99,r=8,p=1$${salt}$`, tag],
  [`$fbscrypt$v=1,n=14,r=1000000,p=1,ss=Bw==,sk=Bw==$${salt}$`, tag],
  [`$argon2id$v=19$m=131073,t=1,p=1$${salt}$`, tag],
  [`$argon2id$v=19$m=65536,t=9,p=1$${salt}$`, tag],
  [`argon2$argon2i$v=19$m=8192,t=1,p=17$${salt}$`, tag],
])('never runs a hash that costs more than the cap: %s', async (start, rest) => {
  expect(readHash(start + rest)).toMatchObject({ isAffordable: false });
  // Would take years, or all memory.
  expect(await app.runtime.passwords.verify(start + rest, PASSWORD)).toBe(false);
});

it.each([
  ...['', '!', '!unusable', 'md5$salt$0cc175b9c0f1b6a831c399e269772661', 'plain', '$2b$12$short'],
  // An empty tag would match every password.
  ...['pbkdf2_sha256$1000$salt$', `$scrypt$ln=14,r=8,p=1$${salt}$`, `pbkdf2_sha256$0$salt$${tag}`],
  ...[`$argon2id$v=19$m=0,t=1,p=1$${salt}$${tag}`, `$2b$12$${'x'.repeat(1000)}`],
])('never matches a hash that it cannot read: %s', async (hash) => {
  expect(readHash(hash)).toBeUndefined();
  expect(await app.runtime.passwords.verify(hash, hash)).toBe(false);
});

/** Makes what Django 4 and later make with their scrypt hasher. */
const djangoScrypt = (password: string, r = 8) =>
  `scrypt$16384$pL2Jr0mNhw$${r}$1$${scryptSync(password, 'pL2Jr0mNhw', 64, { N: 16_384, r, p: 1 }).toString('base64')}`;

it.skipIf(skipsDjango)(
  'signs in with each kind of hash of Django, and replaces it',
  {
    timeout: 30_000,
  },
  async () => {
    const hashes = runDjango<string[]>(
      `from django.contrib.auth.hashers import make_password
print(json.dumps([make_password(given, hasher=name) for name in (
    'pbkdf2_sha256', 'pbkdf2_sha1', 'argon2', 'bcrypt_sha256', 'bcrypt')]))`,
      PASSWORD,
    );
    for (const hash of [...hashes, djangoScrypt(PASSWORD)]) {
      const person = await personWith(hash);
      expect([hash, (await person.login('not-the-password')).code]).toEqual([
        hash,
        'INVALID_CREDENTIALS',
      ]);
      expect(await hashOf(person)).toBe(hash);
      expect([hash, (await person.login()).code]).toEqual([hash, undefined]);
      expect(await hashOf(person)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect((await person.login()).code).toBeUndefined();
    }
  },
);

it.skipIf(skipsDjango)('writes hashes that Django and argon2-cffi verify', async () => {
  const hash = await app.runtime.passwords.hash(PASSWORD);
  const verified = runDjango<boolean[]>(
    `from django.contrib.auth.hashers import check_password
import argon2
def accepts(password):
    try:
        return argon2.PasswordHasher().verify(given['hash'], password)
    except argon2.exceptions.VerifyMismatchError:
        return False
print(json.dumps([check_password(p, 'argon2' + given['hash']) for p in given['passwords']]
    + [accepts(p) for p in given['passwords']]))`,
    { hash, passwords: [PASSWORD, 'not-the-password'] },
  );
  expect(verified).toEqual([true, false, true, false]);
});

it('logs a hash that a library rejects, and answers as to a wrong password', async () => {
  // More threads than blocks of memory.
  const person = await personWith(`$argon2id$v=19$m=8,t=1,p=16$${salt}$${tag}`);
  expect((await person.login()).code).toBe('INVALID_CREDENTIALS');
  expect(app.logLines.filter((line) => line.includes('Cannot check a password'))).toHaveLength(1);
});

it('answers all wrong passwords as slowly as the slowest kind of hash that an account has', async () => {
  const time = async (person: Person) => {
    const began = performance.now();
    expect((await person.login('not-the-password')).code).toBe('INVALID_CREDENTIALS');
    return performance.now() - began;
  };
  const slow = await personWith(bcryptHash);
  const { clock, log, config } = app.runtime;
  const restarted = await openRuntime(config, { clock, log });
  onTestFinished(() => restarted.close());
  const spy = vi.spyOn(app.runtime.passwords, 'verify');
  onTestFinished(() => spy.mockRestore());
  spy.mockImplementation(restarted.passwords.verify);

  const argon2Hash = await app.runtime.passwords.hash(PASSWORD);
  const others = [await personWith(argon2Hash), new Person(app), new Person(app)];
  const slowest = await time(slow);
  for (const other of others) expect(await time(other)).toBeGreaterThan(slowest * 0.7);
});

it('finds the hashes whose parameters are not the current ones, and by their own index', async () => {
  const { memoryCost, timeCost, parallelism } = argon2Parameters;
  const own = await app.runtime.passwords.hash(PASSWORD);
  expect(own).toContain(`$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
  await app.sql('delete from accounts');
  await personWith(own);
  await personWith(own.replace('t=2,p=1', 'p=1,t=2'));
  expect(await findNextHash(app.runtime.sql, '')).toBeUndefined();
  const older = own.replace('m=19456', 'm=12288');
  await personWith(older);
  await personWith(bcryptHash);
  expect(await findNextHash(app.runtime.sql, '')).toBe(bcryptHash);
  expect(await findNextHash(app.runtime.sql, `${readHash(bcryptHash)?.kind}%`)).toBe(older);
  expect(await findNextHash(app.runtime.sql, `${readHash(older)?.kind}%`)).toBeUndefined();
  const plan = await app.sql<{ 'QUERY PLAN': string }>(
    'explain select 1 from accounts where password_hash !~ ? order by password_hash collate "C" limit 1',
    ['^\\$argon2id\\$v=19\\$m=19456,(t=2,p=1|p=1,t=2)\\$'],
  );
  expect(JSON.stringify(plan)).toContain('accounts_other_hashes');
});
