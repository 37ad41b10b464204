import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, type Variables } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';

/** The example files as text; `npm start` and Compose try them in start.test.ts and compose.test.ts. */
const root = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const secrets = {
  SECRET_KEY: 'correct horse battery staple, 26 of them',
  POSTGRES_PASSWORD: 'of-the-tests',
};
const stores = { DATABASE_URL: 'postgres://a/b', REDIS_URL: 'redis://a' };
const variables = new Set(Object.values<Setting>(settings).map(({ variable }) => variable));
/** The file with every example value that is commented out. */
const uncommented = (text: string): Variables => parseEnv(text.replace(/^# (?=[A-Z_]+=)/gm, ''));

describe.each(['.env.example', '.env.compose.example'])('%s', (name) => {
  it('shows settings only, each with a value that is accepted', () => {
    const shown = uncommented(read(name));
    const known = [...variables, 'POSTGRES_PASSWORD'];
    expect(Object.keys(shown).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(() => readConfig({ ...stores, ...shown, ...secrets }, 'development')).not.toThrow();
  });
});

it('needs nothing but a copy in development', () => {
  const copied = parseEnv(read('.env.example'));
  const given = { ...copied, ...stores, SECRET_KEY: 'made at first start' };
  // Without SMTP_URL, mails are in the inbox.
  expect(readConfig(given, 'development').smtpUrl).toBeUndefined();
});

it('describes every variable that the Compose file asks for', () => {
  const shown = uncommented(read('.env.compose.example'));
  for (const [, variable = ''] of read('docker-compose.yml').matchAll(/\$\{(\w+)/g)) {
    expect(shown).toHaveProperty(variable);
  }
});

it('leaves only the two secrets to be filled in for Compose', () => {
  const left = parseEnv(read('.env.compose.example'));
  expect(left).toEqual({ SECRET_KEY: '', POSTGRES_PASSWORD: '' });
});
