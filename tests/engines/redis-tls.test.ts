import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { problemAtStart } from '#src/adapters/redis-start.ts';
import { TestApp } from '../support/app.ts';
import { type Certificate, makeCertificates } from '../support/certificates.ts';
import { newDatabase } from '../support/database.ts';
import { Person } from '../support/flow.ts';
import { startOwnCluster } from '../support/own-cluster.ts';
import { startOwnSentinels } from '../support/own-sentinels.ts';
import type { RedisNode } from '../support/redis-node.ts';

const certificates = makeCertificates();
const { ca, name, wrongName, otherCa } = certificates;
afterAll(() => certificates.remove());

interface Place {
  readonly url: string;
  /** The servers that store data. */
  readonly stores: readonly RedisNode[];
  /** Makes them known by their names, or by their IP addresses. */
  announce(kind: 'names' | 'addresses'): Promise<unknown>;
  close(): Promise<void>;
}

async function startCluster(): Promise<Place> {
  const { nodes, ...cluster } = await startOwnCluster(3, 0, certificates);
  const setting = ['CONFIG', 'SET', 'cluster-preferred-endpoint-type'];
  const announce = (kind: string) =>
    Promise.all(nodes.map((node) => node.run(...setting, kind === 'names' ? 'hostname' : 'ip')));
  return { ...cluster, stores: nodes, announce };
}

async function startSentinels(): Promise<Place> {
  const { nodes, sentinels, ...redis } = await startOwnSentinels(certificates);
  const setting = ['SENTINEL', 'CONFIG', 'SET', 'announce-hostnames'];
  const announce = (kind: string) =>
    Promise.all(sentinels.map((each) => each.run(...setting, kind === 'names' ? 'yes' : 'no')));
  return { ...redis, stores: nodes, announce };
}

const places = [
  ['a Redis Cluster', startCluster],
  ['Sentinel', startSentinels],
] as const;

describe.each(places)('%s with TLS only', (_name, start) => {
  const database = newDatabase();
  let place: Place;

  beforeAll(async () => {
    place = await start();
    await database.create();
  });
  afterAll(async () => {
    await place.close();
    await database.drop();
  });

  const problemWith = async (authority: string | undefined) => {
    const redis = openRedis(place.url, 'request', createLog('silent', 'tls'), { ca: authority });
    const problem = await problemAtStart(redis);
    redis.disconnect();
    return problem;
  };

  const present = ({ certFile, keyFile }: Certificate) =>
    Promise.all(
      place.stores.map((node) =>
        node.run('CONFIG', 'SET', 'tls-cert-file', certFile, 'tls-key-file', keyFile),
      ),
    );

  it('signs in, over connections to the names of the certificates', async () => {
    const urls = { DATABASE_URL: database.url, REDIS_URL: place.url };
    const app = new TestApp({ ...urls, REDIS_CA: ca.cert });
    await app.start();
    onTestFinished(() => app.stop());
    await app.eventually(() => app.runtime.redis.status === 'ready');
    for (let people = 0; people < 6; people += 1)
      expect((await new Person(app).signUp()).accessToken).toBeTruthy();
  });

  it('refuses servers of an unknown authority, and names the setting', async () => {
    for (const authority of [undefined, otherCa.cert])
      expect(await problemWith(authority)).toMatch(
        /^REDIS_URL: .+ \(the certificate is from an unknown certificate authority\)\. Set REDIS_CA /,
      );
  });

  const otherHost =
    /^REDIS_URL: .+ \(the certificate is for another host\)\. Use a host name .+ that the certificate lists\.$/;

  it('refuses a certificate for another host, and says what to do', async () => {
    await present(wrongName);
    const problem = await problemWith(ca.cert);
    await present(name);
    expect(problem).toMatch(otherHost);
    expect(await problemWith(ca.cert)).toBeUndefined();
  });

  it('refuses servers that announce addresses, if their certificates have names', async () => {
    await place.announce('addresses');
    const problem = await problemWith(ca.cert);
    await place.announce('names');
    expect(problem).toMatch(otherHost);
    expect(await problemWith(ca.cert)).toBeUndefined();
  });
});
