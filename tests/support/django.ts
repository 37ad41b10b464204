import { spawnSync } from 'node:child_process';
import { environmentVariables } from '#src/config/load-config.ts';

/** A Python with Django and its hashing libraries: Debian's, where they are packages. */
export const djangoPython = ['/usr/bin/python3', 'python3'].find(
  (python) => spawnSync(python, ['-c', 'import django, argon2, bcrypt']).status === 0,
);

/** Whether tests with Django are skipped. */
export const skipsDjango = !djangoPython && environmentVariables().REQUIRE_DJANGO !== 'true';

const setUp = `
import json, sys
import django
from django.conf import settings
settings.configure(
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    USE_TZ=True,
    PASSWORD_HASHERS=['django.contrib.auth.hashers.' + name for name in (
        'PBKDF2PasswordHasher', 'PBKDF2SHA1PasswordHasher', 'Argon2PasswordHasher',
        'BCryptSHA256PasswordHasher', 'BCryptPasswordHasher')],
    INSTALLED_APPS=['django.contrib.contenttypes', 'django.contrib.auth'],
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': sys.argv[1]}},
)
django.setup()
`;

/** Runs Python with Django. The last expression of `code` prints JSON. @param file of its SQLite */
export function runDjango<Result>(code: string, input: unknown = {}, file = ':memory:'): Result {
  const { status, stdout, stderr } = spawnSync(
    djangoPython ?? 'python3',
    ['-c', `${setUp}\ngiven = json.load(sys.stdin)\n${code}`, file],
    { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`Django failed: ${stderr}`);
  return JSON.parse(stdout || 'null');
}
