import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { environmentVariables } from '#src/config/load-config.ts';
import { unavailable } from '#src/errors/auth-error.ts';
import { problem, problemDocument } from '#src/http/problem.ts';
import { createSecurityHeaders } from '#src/http/security-headers.ts';
import { type TestApp, useApp } from './support/app.ts';
import { makeCertificates } from './support/certificates.ts';
import { Person } from './support/flow.ts';
import { type RequestOptions, request } from './support/request.ts';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';

/** Debian's nginx and Caddy with the files of `ops/`. */
const name = 'auth.example.com';
const publicUrl = `https://${name}`;
const app = useApp({ PUBLIC_URL: publicUrl, ALLOWED_HOSTS: name, TRUST_PROXY: '127.0.0.1' });
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-proxies-'));
const certificates = makeCertificates();
afterAll(() => {
  certificates.remove();
  rmSync(directory, { recursive: true, force: true });
});

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../ops', file), 'utf8');

interface Ports {
  readonly http: number;
  readonly https: number;
  readonly gatehouse: string;
}

/** Replaces what an operator would, and the ports. @throws if the file lacks it */
function adapted(file: string, changes: readonly (readonly [string | RegExp, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    const after = before.replaceAll(from, to);
    if (after === before) throw new Error(`${file} lacks ${from}`);
    return after;
  }, read(file));
}

function writeNginx({ http, https, gatehouse }: Ports): string[] {
  const { certFile, keyFile } = certificates.public;
  const site = adapted('nginx/gatehouse.conf', [
    [/ +listen \[::\]:.+\n/g, ''],
    ['listen 80;', `listen 127.0.0.1:${http};`],
    ['listen 443 ssl', `listen 127.0.0.1:${https} ssl`],
    ['127.0.0.1:8000', gatehouse],
    ['/var/log/nginx/', `${directory}/`],
    [/\/etc\/letsencrypt\/.+fullchain\.pem/g, certFile],
    [/\/etc\/letsencrypt\/.+privkey\.pem/g, keyFile],
  ]);
  writeFileSync(join(directory, 'site.conf'), site);
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = kinds.map((kind) => `${kind}_temp_path ${directory}/${kind};`).join(' ');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const file = join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `${user} daemon off; pid ${directory}/pid; error_log ${directory}/error.log;
    events {} http { ${paths} include ${directory}/site.conf; }`,
  );
  return ['-p', directory, '-c', file];
}

function writeCaddy({ http, https, gatehouse }: Ports): string[] {
  const { certFile, keyFile } = certificates.public;
  const file = join(directory, 'Caddyfile');
  const site = adapted('caddy/Caddyfile', [
    [/^\{\n/gm, `{\n\tadmin off\n\thttp_port ${http}\n\thttps_port ${https}\n`],
    [/^auth\.example\.com \{\n/gm, `${name} {\n\ttls ${certFile} ${keyFile}\n`],
    ['127.0.0.1:8000', gatehouse],
  ]);
  writeFileSync(file, site);
  return ['--config', file, '--adapter', 'caddyfile'];
}

const proxies = {
  nginx: { write: writeNginx, run: [], check: ['-t'], redirect: 308 },
  caddy: { write: writeCaddy, run: ['run'], check: ['validate'], redirect: 308 },
} as const;

const isInstalled = (program: string) => spawnSync(program, ['-h']).error === undefined;
const isRequired = (program: string) =>
  environmentVariables()[`REQUIRE_${program.toUpperCase()}`] === 'true';

for (const [program, { write, run, check, redirect }] of Object.entries(proxies)) {
  describe.skipIf(!isInstalled(program) && !isRequired(program))(`behind ${program}`, () => {
    let way: TcpProxy;
    let ports: Ports;
    let behind: TestApp;

    const send = (path: string, { headers, ...options }: RequestOptions = {}) =>
      request(`https://127.0.0.1:${ports.https}${path}`, {
        ...options,
        headers: { host: name, 'x-forwarded-for': '203.0.113.9', ...headers },
        tls: { ca: certificates.ca.cert, servername: name },
      });

    beforeAll(async () => {
      way = await startTcpProxy(app.url);
      const gatehouse = new URL(way.through(app.url)).host;
      ports = { http: await freePort(), https: await freePort(), gatehouse };
      behind = Object.assign(Object.create(app), { fetch: send });
      const options = write(ports);
      const env = { ...environmentVariables(), HOME: directory };
      execFileSync(program, [...check, ...options], { env, stdio: 'pipe' });
      const child = spawn(program, [...run, ...options], { env, stdio: 'ignore' });
      onFinished.push(async () => {
        way.close();
        child.kill('SIGTERM');
        await once(child, 'exit');
      });
      await app.eventually(() =>
        send('/healthz').then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
    });
    const onFinished: (() => Promise<unknown>)[] = [];
    afterAll(() => Promise.all(onFinished.map((stop) => stop())));

    it('signs in over GraphQL and REST, and records the address of the client', async () => {
      const ada = new Person(behind);
      const { accessToken } = await ada.signIn();
      const { data } = await ada.sessions(accessToken);
      expect(data?.sessions).toMatchObject([{ ipAddress: ada.from, current: true }]);
      const authorization = `Bearer ${accessToken}`;
      const { status, text: body } = await send('/api/v1/auth/me', { headers: { authorization } });
      expect([status, JSON.parse(body)]).toMatchObject([200, { email: ada.email }]);
    });

    it('sets each security header once, and a request id that clients cannot choose', async () => {
      const { headers } = await send('/healthz', { headers: { 'x-request-id': 'chosen' } });
      expect(headers).toMatchObject(createSecurityHeaders({ publicUrl }));
      expect(headers.server ?? '').toMatch(/^(nginx)?$/);
      const { headers: other } = await send('/api/v1/auth/me', {
        headers: { 'x-request-id': 'chosen' },
      });
      const id = other['x-request-id'];
      expect(id).toMatch(/^[\da-f-]{32,36}$/);
      await app.eventually(() => app.logLines.some((line) => line.includes(`"${String(id)}"`)));
    });

    it('rejects a large body with the error of Gatehouse', async () => {
      const post = (bytes: number) =>
        send('/api/v1/auth/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: 'x'.repeat(bytes),
        });
      const tooLarge = problem('payload-too-large', 'The request body is too large.');
      const document = JSON.parse(problemDocument(tooLarge, publicUrl));
      for (const bytes of [100_001, 150_000, 2_000_000]) {
        const { status, text: body } = await post(bytes);
        expect([bytes, status, JSON.parse(body)]).toEqual([bytes, 413, document]);
      }
      expect((await post(99_999)).status).toBe(400);
    });

    it('does not publish the endpoint for proxies, but the other OAuth endpoints', async () => {
      for (const path of ['/oauth/verify', '/oauth/verify/', '/oauth/verify/envoy/a']) {
        expect([path, (await send(path)).status]).toEqual([path, 404]);
      }
      const { status, text: body } = await send('/.well-known/oauth-authorization-server');
      expect([status, JSON.parse(body).token_endpoint]).toEqual([200, `${publicUrl}/oauth/token`]);
      const token = await send('/oauth/token', { method: 'POST' });
      expect([token.status, JSON.parse(token.text).error]).toEqual([415, 'invalid_request']);
    });

    it('redirects plain HTTP, and speaks HTTP/2 to browsers', async () => {
      const plain = await request(`http://127.0.0.1:${ports.http}/graphql?a=1`, {
        headers: { host: name },
      });
      expect([plain.status, plain.headers.location]).toEqual([
        redirect,
        expect.stringMatching(/^https:\/\/auth\.example\.com(:\d+)?\/graphql\?a=1$/),
      ]);
      const options = { ca: certificates.ca.cert, servername: name };
      const session = connectHttp2(`https://127.0.0.1:${ports.https}`, options);
      onTestFinished(() => session.destroy());
      const stream = session.request({
        ':method': 'POST',
        ':path': '/graphql',
        ':authority': name,
        'content-type': 'application/json',
      });
      stream.end(JSON.stringify({ query: '{ __typename }' }));
      expect(JSON.parse(await text(stream))).toEqual({ data: { __typename: 'Query' } });
    });

    it('responds like Gatehouse while no server runs, and finds the next one', async () => {
      way.leadTo('http://127.0.0.1:9');
      way.cut();
      const { status, headers, text: body } = await send('/api/v1/auth/me');
      const { message, details } = unavailable();
      const document = problemDocument(problem('unavailable', message, details), publicUrl);
      expect([status, JSON.parse(body)]).toEqual([503, JSON.parse(document)]);
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json',
        'retry-after': '5',
        'cache-control': 'no-store',
      });
      way.leadTo(app.url);
      expect((await send('/healthz')).status).toBe(200);
    });
  });
}
