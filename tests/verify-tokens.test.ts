import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { signJwt } from '#src/adapters/compact-jws.ts';
import { JwtTokens } from '#src/adapters/jwt-tokens.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import type { SealedKey } from '#src/ports/tokens.ts';
import { idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { blocksOf } from './support/documents.ts';
import { Person } from './support/flow.ts';
import { request } from './support/request.ts';
import { subject, tokenSecrets } from './support/signing.ts';

/** The examples of docs/guide/verify-tokens.md, as they are printed there. */
const app = useApp({ TRUST_PROXY: '127.0.0.1' });
const root = resolve(import.meta.dirname, '..');
// Inside the project, so that its packages are found.
const scratch = join(root, '.data/verify-tokens');
beforeAll(() => mkdirSync(scratch, { recursive: true }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const isInstalled = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const isRequired = (name: string) => environmentVariables()[`REQUIRE_${name}`] === 'true';

/** Returns a block of the guide that begins with this text, with the address of the app. */
function exampleOf(start: string): string {
  const block = blocksOf('docs/guide/verify-tokens.md').find(({ code }) => code.startsWith(start));
  const { publicUrl } = app.runtime.config;
  return (block?.code ?? '')
    .replace(
      "new URL('/.well-known/jwks.json', issuer)",
      `new URL('${app.url}/.well-known/jwks.json')`,
    )
    .replace(/"[^"\n]*\/\.well-known\/jwks\.json"/, `"${app.url}/.well-known/jwks.json"`)
    .replace(/f?("|')http:\/\/localhost:8000\1/, `$1${publicUrl}$1`);
}

function write(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

/** Returns a valid token, and tokens that no service may accept. */
async function tokens(): Promise<{ valid: string; wrong: Record<string, string> }> {
  const { accessToken: valid, refreshToken } = await new Person(app).signIn();
  const [header = '', claims = '', signature] = valid.split('.');
  const parsed = JSON.parse(Buffer.from(claims, 'base64url').toString());
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [key] = await app.sql<SealedKey>(
    `select kid, public_jwk->>'alg' as alg, sealed_private_jwk as "sealedPrivateJwk" from signing_keys`,
  );
  if (!key) throw new Error('no signing key');
  const { keys, config, clock } = app.runtime;
  const { publicUrl } = config;
  const grant = { ...subject, email: '', emailVerified: true, role: 'USER', amr: [] };
  const sign = (changes: object, secondsAgo = 0) => {
    const settings = { issuer: publicUrl, audience: publicUrl, clientId: 'gatehouse', ...changes };
    const own = new JwtTokens({ ...settings, optionalClaims: [], keys, secrets: [tokenSecrets] });
    const at = new Date(clock.now().getTime() - secondsAgo * 1000);
    return own.signAccess(key, { ...grant, authTime: at }, at);
  };
  return {
    valid,
    wrong: {
      'other claims': [header, encode({ ...parsed, role: 'ADMIN' }), signature].join('.'),
      'a refresh token': refreshToken,
      'another audience': sign({ audience: 'https://other.example.com' }),
      'another issuer': sign({ issuer: 'https://other.example.com' }),
      'an expired token': sign({}, 920),
      'another type': signJwt(key.alg, keys.open(key), { typ: 'JWT', kid: key.kid }, parsed),
      'no signature': `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
    },
  };
}

/** Expects that only the valid token is accepted. */
async function expectOnlyValid(accepts: (tokens: string[]) => Promise<readonly boolean[]>) {
  const { valid, wrong } = await tokens();
  const [first, ...others] = await accepts([valid, ...Object.values(wrong)]);
  const accepted = Object.keys(wrong).filter((_, index) => others[index]);
  expect([first, others.length, accepted]).toEqual([true, Object.keys(wrong).length, []]);
}

it('verifies access tokens in Node with jose', async () => {
  const path = write('verify.ts', exampleOf('// verify.ts'));
  const { verify } = await import(/* @vite-ignore */ path);
  const accepts = (token: string): Promise<boolean> =>
    verify(token).then(
      () => true,
      () => false,
    );
  await expectOnlyValid((all) => Promise.all(all.map(accepts)));
  const route = exampleOf('// app/api/orders/route.ts').replace('../../../verify', './verify.ts');
  const next = await import(/* @vite-ignore */ write('route.ts', route));
  const { valid } = await tokens();
  const get = (token: string) =>
    next.GET(new Request(app.url, { headers: { authorization: `Bearer ${token}` } }));
  expect([(await get(valid)).status, (await get('a.b.c')).status]).toEqual([200, 401]);
  const strict = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig'];
  const module = ['--module', 'nodenext', '--allowImportingTsExtensions'];
  const options = { cwd: root, encoding: 'utf8' } as const;
  const args = [...strict, ...module, path, join(scratch, 'route.ts')];
  expect(spawnSync('node_modules/.bin/tsc', args, options).stdout).toBe('');
});

const python = ['python3', '/usr/bin/python3'].find((each) =>
  isInstalled(each, '-c', 'import jwt, cryptography'),
);

/** Runs a program that prints `yes` or `no` for each token. */
async function answersOf(program: string, file: string, text: string, all: string[]) {
  // Not synchronously: it reads the keys from this process.
  const child = spawn(program, [write(file, text), ...all], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await once(child, 'close');
  return output
    .trim()
    .split('\n')
    .map((line) => line === 'yes');
}

it.skipIf(!python && !isRequired('PYTHON_JWT'))('verifies access tokens in Python', async () => {
  const main = `
import sys
for token in sys.argv[1:]:
    try:
        print("yes" if verify(token)["role"] else "no")
    except jwt.PyJWTError:
        print("no")
`;
  const text = exampleOf('# verify.py') + main;
  await expectOnlyValid((all) => answersOf(python ?? 'python3', 'verify.py', text, all));
});

const hasRuby = isInstalled('ruby', '-e', 'require "jwt"');

it.skipIf(!hasRuby && !isRequired('RUBY_JWT'))('verifies access tokens in Ruby', async () => {
  const main = `
ARGV.each do |token|
  puts verify(token)["role"] ? "yes" : "no"
rescue JWT::DecodeError
  puts "no"
end
`;
  const text = exampleOf('# verify.rb') + main;
  await expectOnlyValid((all) => answersOf('ruby', 'verify.rb', text, all));
});

/** Starts an application that prints the identity in the headers. */
async function startApplication(): Promise<number> {
  const server = createServer(({ headers }, response) => {
    const { 'x-auth-user': user, 'x-auth-role': role } = headers;
    response.end(JSON.stringify([user, role]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Ports {
  readonly proxy: number;
  readonly application: number;
}

const proxies = {
  nginx({ proxy, application }: Ports): string[] {
    const site = exampleOf('# app.conf')
      .replace('listen 80;', `listen 127.0.0.1:${proxy};`)
      .replace('127.0.0.1:3000', `127.0.0.1:${application}`)
      .replace('127.0.0.1:8000', new URL(app.url).host);
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const paths = kinds.map((kind) => `${kind}_temp_path ${scratch}/${kind};`).join(' ');
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    const text = `${user} daemon off; pid ${scratch}/pid; error_log ${scratch}/error.log;
      events {} http { access_log off; ${paths} ${site} }`;
    return ['-p', scratch, '-c', write('nginx.conf', text)];
  },
  caddy({ proxy, application }: Ports): string[] {
    const site = exampleOf('app.example.com {')
      .replace('app.example.com', `http://127.0.0.1:${proxy}`)
      .replace('127.0.0.1:3000', `127.0.0.1:${application}`)
      .replace('127.0.0.1:8000', new URL(app.url).host);
    const file = write('Caddyfile', `{\n\tadmin off\n}\n${site}`);
    return ['run', '--config', file, '--adapter', 'caddyfile'];
  },
};

for (const [program, write] of Object.entries(proxies)) {
  const isHere = isInstalled(program, program === 'nginx' ? '-v' : 'version');
  it.skipIf(!isHere && !isRequired(program.toUpperCase()))(
    `lets ${program} pass signed-in clients, with their identity`,
    async () => {
      const ports = { proxy: await freePort(), application: await startApplication() };
      const env = { ...environmentVariables(), HOME: scratch };
      const args = write(ports);
      if (program === 'nginx') execFileSync(program, ['-t', ...args], { env, stdio: 'pipe' });
      const child = spawn(program, args, { env, stdio: 'ignore' });
      onTestFinished(async () => {
        child.kill('SIGTERM');
        await once(child, 'exit');
      });
      const forged = { 'x-auth-user': 'root', 'x-auth-role': 'ADMIN' };
      const send = (token?: string, method = 'GET') =>
        request(`http://127.0.0.1:${ports.proxy}/orders/7?a=1`, {
          method,
          headers: { ...forged, ...(token && { authorization: `Bearer ${token}` }) },
          ...(method === 'POST' && { body: 'x'.repeat(1000) }),
        });
      await app.eventually(() =>
        send().then(
          () => true,
          () => false,
        ),
      );
      const ada = new Person(app);
      const { accessToken } = await ada.signIn();
      const id = await idOf(app, ada);
      for (const method of ['GET', 'POST']) {
        const { status, text } = await send(accessToken, method);
        expect([status, JSON.parse(text)]).toEqual([200, [id, 'USER']]);
      }
      for (const token of [undefined, 'a.b.c', `${accessToken}x`]) {
        const { status, headers } = await send(token);
        expect([status, headers['www-authenticate']]).toEqual([
          401,
          expect.stringMatching(/^Bearer/),
        ]);
      }
      expect((await send(undefined, 'OPTIONS')).status).toBe(401);
      await ada.logout({ token: accessToken });
      expect((await send(accessToken)).status).toBe(401);
    },
  );
}
