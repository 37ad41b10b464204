import { randomInt } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '#dev/free-port.ts';
import { readConfig } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';
import { query } from './dev/clients.ts';
import { TestApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { startMailServer } from './support/mail-server.ts';
import { commandIn, Image, lastOf, start } from './support/processes.ts';

/**
 * Dockerfile and docker-compose.yml, as far as they can be tried without a Docker engine: the
 * image's commands are run with the variables that its services would have.
 */
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
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'gatehouse');

const operator: Record<string, string> = {
  SECRET_KEY: 'correct horse battery staple, 26 of them',
  POSTGRES_PASSWORD: 'of-the-tests',
};

/** What a service gets from an operator who has set these variables. */
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

const healthCheck = commandIn(lastOf('HEALTHCHECK').replace(/^.*?\bCMD\s+/, ''));
const serverCommand = commandIn(lastOf('CMD'));

describe('the image', () => {
  const image = new Image();
  const database = `image_${process.pid}_${randomInt(1e9)}`;
  const postgresUrl = new URL(inject('postgresUrl'));
  const redisUrl = new URL(`/${1 + Number(process.env.VITEST_POOL_ID ?? 0)}`, inject('redisUrl'));
  const app = new TestApp({});
  let stores: Record<string, string>;

  const inImage = (command: string[], service: string, variables: Record<string, string> = {}) => {
    const set = { ...operator, SMTP_URL: app.mails.url };
    const env = { ...environmentOf(service, set), ...stores, ...variables };
    return start(command, image.environment(env));
  };
  const administer = (statement: string) =>
    query(new URL('/postgres', postgresUrl).href, statement);
  const commandOf = (service: string) => compose.services[service]?.command ?? serverCommand;

  beforeAll(async () => {
    app.mails = await startMailServer();
    const port = await freePort();
    app.url = `http://127.0.0.1:${port}`;
    stores = {
      DATABASE_URL: new URL(`/${database}`, postgresUrl).href,
      REDIS_URL: redisUrl.href,
      QUEUE_REDIS_URL: redisUrl.href,
      PORT: String(port),
    };
    await Promise.all([administer(`create database ${database}`), image.build()]);
  });
  afterAll(async () => {
    await app.mails.close();
    await administer(`drop database if exists ${database} with (force)`);
    rmSync(image.directory, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is the official Node 26, no older than that of development, as an ordinary user', () => {
    const [, minor] = /^node:26\.(\d+)\.\d+-\w+-slim(?:@.+)?$/.exec(lastOf('FROM')) ?? [];
    expect(Number(minor)).toBeGreaterThanOrEqual(Number(process.versions.node.split('.')[1]));
    expect(lastOf('USER')).toBe('node');
  });

  it('holds what production needs, and nothing else', () => {
    const inside = globSync(['*', '.*'], { cwd: join(image.directory, 'app') })
      .sort()
      .join(' ');
    expect(inside).toBe('.npmrc node_modules package-lock.json package.json src vendor worker');
    const { dependencies, ...others } = JSON.parse(read('package.json'));
    const left = Object.keys({ ...others.devDependencies, ...others.optionalDependencies });
    const has = (name: string) => image.has(`node_modules/${name}`);
    expect(Object.keys(dependencies).filter(has)).toEqual(Object.keys(dependencies));
    expect(left.filter(has)).toEqual([]);
  });

  it.each([
    ['server', 'SECRET_KEY', 'django-insecure-0123456789-0123456789'],
    ['worker', 'SECRET_KEY', ''],
    ['migrate', 'DATABASE_URL', ''],
  ])('does not start its %s with %s being "%s", and says so in one line', async (...given) => {
    const [service, variable, value] = given;
    const { ended } = inImage(commandOf(service), service, { [variable]: value });
    const { code, output } = await ended;
    expect(output).toMatch(new RegExp(`^${variable} .*must be .*\\n$`));
    expect(code).toBe(1);
  });

  it('brings a database up to date, in four containers at once', async () => {
    const containers = Array.from({ length: 4 }, () => inImage(commandOf('migrate'), 'migrate'));
    const ends = await Promise.all(containers.map(({ ended }) => ended));

    expect(ends.map(({ code, output }) => [code, code && output])).toEqual(Array(4).fill([0, 0]));
  });

  it('signs a person in by mail, is healthy meanwhile, and ends when it is told to', async () => {
    const isHealthy = async () => (await inImage(healthCheck, 'server').ended).code === 0;
    expect(await isHealthy()).toBe(false);

    const server = inImage(commandOf('server'), 'server');
    const worker = inImage(commandOf('worker'), 'worker');
    await app.eventually(() => app.fetch('/readyz').catch(() => undefined), 30);
    expect(await isHealthy()).toBe(true);
    expect(await app.fetch('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });

    const ada = new Person(app);
    const { challengeId } = (await ada.register()).data?.register ?? {};
    await ada.verifyOtp(await ada.code(), challengeId);
    const challenge = await ada.login(PASSWORD);
    const signIn = await ada.verifyOtp(await ada.code(2), challenge.data?.login.challengeId);
    const me = await ada.me(signIn.data?.verifyOtp.accessToken ?? '');
    expect(me.data?.me).toMatchObject({ email: ada.email, emailVerified: true });

    const told = Date.now();
    server.signal('SIGTERM');
    worker.signal('SIGTERM');
    const ends = await Promise.all([server.ended, worker.ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    expect(Date.now() - told).toBeLessThan(10_000);
    expect(await isHealthy()).toBe(false);
  }, 60_000);
});

describe('the services', () => {
  const variables = new Set(Object.values<Setting>(settings).map(({ variable }) => variable));

  it('run programs that exist', () => {
    for (const [, { command: [node, file] = serverCommand }] of ours) {
      expect([node, existsSync(join(root, file ?? ''))]).toEqual(['node', true]);
    }
    expect(ours.map(([name]) => name)).toEqual(['server', 'server-dev', 'worker', 'migrate']);
  });

  it('set nothing but settings, and all that production requires', () => {
    for (const [name] of ours) {
      const { NODE_ENV, ...environment } = environmentOf(name, operator);
      expect(Object.keys(environment).filter((variable) => !variables.has(variable))).toEqual([]);
      expect(NODE_ENV).toBe('production');
      expect(() => readConfig({ NODE_ENV, ...environment }, 'development')).not.toThrow();
    }
  });

  it.each(Object.keys(operator))('do not start where %s is unset', (secret) => {
    expect(() => environmentOf('server', { ...operator, [secret]: '' })).toThrow(secret);
  });

  it('wait for the migrations', () => {
    const wait = { migrate: { condition: 'service_completed_successfully' } };
    for (const name of ['server', 'server-dev', 'worker']) {
      expect(compose.services[name]).toMatchObject({ depends_on: wait });
    }
    expect(compose.services.migrate).toMatchObject({ restart: 'no' });
  });

  it('answer on port 8000, also by the name of the replaced service', () => {
    const { server } = compose.services;
    expect(server?.ports).toEqual(['127.0.0.1:8000:8000']);
    expect(server?.networks).toMatchObject({ default: { aliases: ['web'] } });
    expect(environmentOf('server', operator).PORT).toBe('8000');
  });

  it('document themselves in the profile `development`, as development does, and only there', () => {
    const documentation = Object.values<Setting>(settings)
      .filter(({ fallback }) => typeof fallback === 'object' && fallback.production === 'false')
      .map(({ variable }) => variable);
    const { 'server-dev': documented, ...others } = compose.services;

    expect(documented).toMatchObject({ profiles: ['development'] });
    for (const variable of documentation) {
      expect(documented?.environment).toMatchObject({ [variable]: 'true' });
      for (const { environment } of Object.values(others)) {
        expect(environment ?? {}).not.toHaveProperty(variable);
      }
    }
  });

  it('keep what they are told: no data without a volume, and no key evicted', () => {
    const { postgres, redis } = compose.services;
    expect(redis?.command?.join(' ')).toContain('--appendonly yes');
    expect(redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
    expect(redis?.volumes).toEqual(['redis:/data']);
    expect(postgres?.volumes).toEqual(['postgres:/var/lib/postgresql']);
  });

  it('have no privilege, and no root where their image would give it', () => {
    for (const service of Object.values(compose.services)) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect([service.privileged, service.cap_add]).toEqual([undefined, undefined]);
      expect(service.image === 'gatehouse' || service.user).toBeTruthy();
    }
  });

  it('are reached from this machine only, and the stores by the services alone', () => {
    const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    for (const store of [compose.services.postgres, compose.services.redis]) {
      expect([store?.ports, store?.networks]).toEqual([undefined, ['stores']]);
    }
    expect(compose.networks).toMatchObject({ stores: { internal: true } });
  });
});
