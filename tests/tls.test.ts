import { once } from 'node:events';
import { chownSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { problemAtStart } from '#src/adapters/redis-start.ts';
import { SmtpMailer } from '#src/adapters/smtp.ts';
import { openMigrationOrm, openOrm } from '#src/db/orm.ts';
import { diagnosisOf } from '#src/errors/outage-diagnosis.ts';
import { type Certificate, makeCertificates } from './support/certificates.ts';
import { type OwnStores, startOwnStores } from './support/own-stores.ts';

const certificates = makeCertificates();
const log = createLog('silent', 'tls');
let stores: OwnStores;

beforeAll(async () => {
  stores = await startOwnStores();
});
afterAll(async () => {
  await stores.close();
  certificates.remove();
});

type Host = 'localhost' | '127.0.0.1';
/** Connects to a server with this certificate. @returns the line of the failure, if any */
type Attempt = (certificate: Certificate, host: Host, ca?: string) => Promise<string | undefined>;

const lineOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return diagnosisOf(error)?.line ?? String(error);
  }
};

const withHost = (url: string, hostname: Host) => Object.assign(new URL(url), { hostname });

const postgresql: Attempt = async ({ cert, key }, host, ca) => {
  const directory = join(stores.directory, 'postgres');
  const { uid, gid } = statSync(directory);
  for (const [name, text] of Object.entries({ 'server.crt': cert, 'server.key': key })) {
    const file = join(directory, name);
    writeFileSync(file, text, { mode: 0o600 });
    chownSync(file, uid, gid);
  }
  const admin = await openMigrationOrm(stores.postgres.url);
  await admin.em.execute('alter system set ssl = on');
  await admin.em.execute('select pg_reload_conf()');
  await expect
    .poll(() => admin.em.fork().execute('show ssl'), { timeout: 5000 })
    .toEqual([{ ssl: 'on' }]);
  await admin.close(true);

  const url = withHost(stores.postgres.url, host);
  url.searchParams.set('sslmode', 'verify-full');
  const orm = await openOrm(url.href, 'tls', ca);
  onTestFinished(() => orm.close(true));
  return lineOf(orm.em.fork().execute('select 1'));
};

/** Redis behind a server that speaks TLS, as managed ones are. */
const redis: Attempt = async ({ cert, key }, host, ca) => {
  const { port } = new URL(stores.redis.url);
  const front = createServer({ cert, key }, (client) => {
    const store = connect(Number(port), '127.0.0.1');
    client.pipe(store).pipe(client);
    for (const end of [client, store]) end.on('error', () => undefined);
  });
  const url = Object.assign(withHost(stores.redis.url, host), { port: await listen(front) });
  const client = openRedis(url.href.replace('redis:', 'rediss:'), 'request', log, { ca });
  onTestFinished(() => {
    client.disconnect();
    front.close();
  });
  return problemAtStart(client);
};

const mail =
  (protocol: 'smtp' | 'smtps'): Attempt =>
  async ({ cert, key }, host, ca) => {
    const server = new SMTPServer({ cert, key, secure: protocol === 'smtps', authOptional: true });
    server.on('error', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const { port } = server.server.address() as AddressInfo;
    const url = `${protocol}://${host}:${port}?tls=required`;
    const from = { name: '', address: 'gate@example.com' };
    const mailer = new SmtpMailer(url, { from, log, ca });
    onTestFinished(() => {
      mailer.close();
      server.close();
    });
    return lineOf(mailer.verify());
  };

async function listen(server: Server): Promise<string> {
  server.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return String((server.address() as AddressInfo).port);
}

describe.each([
  ['PostgreSQL', 'DATABASE', postgresql],
  ['Redis', 'REDIS', redis],
  ['a mail server with STARTTLS', 'SMTP', mail('smtp')],
  ['a mail server with TLS', 'SMTP', mail('smtps')],
])('%s', (_name, setting, attempt) => {
  const { ca, name, ip, wrongName, expired, otherCa } = certificates;

  it('is used with the name and the address of the certificate', async () => {
    expect(await attempt(name, 'localhost', ca.cert)).toBeUndefined();
    expect(await attempt(ip, '127.0.0.1', ca.cert)).toBeUndefined();
  });

  it.each([
    [
      'of localhost under its address',
      name,
      '127.0.0.1',
      /\(the certificate is for another host\)/,
    ],
    ['of an address under a name', ip, 'localhost', /\(the certificate is for another host\)/],
    ['of another name', wrongName, 'localhost', /\(the certificate is for another host\)/],
    ['that has expired', expired, 'localhost', /\(the certificate has expired\)/],
    ['of another authority', otherCa, 'localhost', /\(the certificate is from an unknown/],
  ] as const)('is rejected with a certificate %s', async (_what, certificate, host, reason) => {
    const line = await attempt(certificate, host, ca.cert);
    expect(line).toMatch(reason);
    expect(line).toMatch(new RegExp(`^${setting}_URL: cannot connect to ${host}:\\d+ `));
  });

  it('is rejected with an unknown private authority, and the message names the setting', async () => {
    expect(await attempt(name, 'localhost')).toMatch(
      new RegExp(`unknown certificate authority\\). Set ${setting}_CA to`),
    );
  });
});
