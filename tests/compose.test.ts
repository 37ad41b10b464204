import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';
import { start } from './support/command.ts';
import { machineVariables } from './support/machine-variables.ts';
import { gatehouseScript } from './support/managed-process.ts';

const root = resolve(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

interface Service {
  readonly image: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
  readonly [key: string]: unknown;
}
const compose: { services: Record<string, Service>; networks: object } = parse(
  read('docker-compose.yml'),
  { merge: true },
);
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'gatehouse');

const operator: Record<string, string> = {
  SECRET_KEY: 'correct horse battery staple, 26 of them',
  POSTGRES_PASSWORD: 'of-the-tests',
};

/** Returns the environment of a service if the operator has set these variables. */
function environmentOf(name: string, set: Record<string, string>): Record<string, string> {
  const substitute = (text: string) =>
    text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_all, variable, operation, rest) => {
      if (set[variable]) return set[variable];
      if (operation === '?') throw new Error(`${variable} ${rest}`);
      return rest;
    });
  const given = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(given.map(([variable, text]) => [variable, substitute(text)]));
}

const variables = new Set(Object.values<Setting>(settings).map(({ variable }) => variable));

it('runs programs that exist', () => {
  for (const [, { command: [file = '', name = ''] = ['bin/gatehouse', 'server'] }] of ours) {
    expect([existsSync(join(root, file)), scripts[name]]).toEqual([
      true,
      `exec sh ${file} ${name}`,
    ]);
  }
  expect(ours.map(([name]) => name)).toEqual(['server', 'server-dev', 'worker', 'migrate']);
});

it('sets nothing but settings, and every setting that production requires', () => {
  for (const [name] of ours) {
    const { NODE_ENV, ...environment } = environmentOf(name, operator);
    expect(Object.keys(environment).filter((variable) => !variables.has(variable))).toEqual([]);
    expect(NODE_ENV).toBe('production');
    expect(() => readConfig({ NODE_ENV, ...environment }, 'development')).not.toThrow();
  }
});

it.each(Object.keys(operator))('starts no service while %s is unset', (secret) => {
  expect(() => environmentOf('server', { ...operator, [secret]: '' })).toThrow(secret);
});

it.each([
  ['server', 'SECRET_KEY', 'django-insecure-0123456789-0123456789'],
  ['worker', 'SECRET_KEY', ''],
  ['migrate', 'DATABASE_URL', ''],
])('does not start %s with %s="%s", and says why in one line', async (name, variable, value) => {
  const env = { ...machineVariables(), ...environmentOf(name, operator), [variable]: value };
  const command = [process.execPath, gatehouseScript, name];
  const { code, output } = await start(command, { cwd: tmpdir(), env }).ended;
  expect([code, output]).toEqual([1, expect.stringMatching(RegExp(`^${variable}: .+\\n$`))]);
});

it('starts servers and worker after the migrations', () => {
  const wait = { migrate: { condition: 'service_completed_successfully' } };
  for (const name of ['server', 'server-dev', 'worker']) {
    expect(compose.services[name]).toMatchObject({ depends_on: wait });
  }
  expect(compose.services.migrate).toMatchObject({ restart: 'no' });
});

it('publishes the API on port 8000, also under the name of the replaced service', () => {
  const { server } = compose.services;
  expect(server?.ports).toEqual(['127.0.0.1:8000:8000']);
  expect(server?.networks).toMatchObject({ default: { aliases: ['web'] } });
  expect(environmentOf('server', operator).PORT).toBe('8000');
});

it('serves the documentation in the profile `development` only', () => {
  const documentation = Object.values<Setting>(settings)
    .filter(({ fallback }) => typeof fallback === 'object' && fallback.production === 'false')
    .map(({ variable }) => variable)
    .filter((variable) => variable !== 'WEBHOOK_ALLOW_PRIVATE');
  const { 'server-dev': documented, ...others } = compose.services;

  expect(documented).toMatchObject({ profiles: ['development'] });
  for (const variable of documentation) {
    expect(documented?.environment).toMatchObject({ [variable]: 'true' });
    for (const { environment } of Object.values(others)) {
      expect(environment ?? {}).not.toHaveProperty(variable);
    }
  }
});

it('rotates the log of every container', () => {
  for (const service of Object.values(compose.services)) {
    expect(service.logging).toEqual({ driver: 'local' });
  }
});

it('keeps data on volumes, and lets Redis evict no key', () => {
  const { postgres, redis } = compose.services;
  expect(redis?.command?.join(' ')).toContain('--appendonly yes');
  expect(redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  expect(redis?.volumes).toEqual(['redis:/data']);
  expect(postgres?.volumes).toEqual(['postgres:/var/lib/postgresql']);
});

it('runs every container read-only, without capabilities and without root', () => {
  for (const service of Object.values(compose.services)) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect([service.privileged, service.cap_add]).toEqual([undefined, undefined]);
    expect(service.image === 'gatehouse' || service.user).toBeTruthy();
  }
});

it('publishes ports to this machine only, and none of the stores', () => {
  const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  for (const store of [compose.services.postgres, compose.services.redis]) {
    expect([store?.ports, store?.networks]).toEqual([undefined, ['stores']]);
  }
  expect(compose.networks).toMatchObject({ stores: { internal: true } });
});
