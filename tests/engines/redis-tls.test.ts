import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TestApp } from '../support/app.ts';
import { makeCertificates } from '../support/certificates.ts';
import { newDatabase } from '../support/database.ts';
import { Person } from '../support/flow.ts';
import { startOwnCluster } from '../support/own-cluster.ts';
import { startOwnSentinels } from '../support/own-sentinels.ts';

const certificates = makeCertificates();
const { ca } = certificates;
afterAll(() => certificates.remove());

interface Place {
  readonly url: string;
  close(): Promise<void>;
}

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  ['a Redis Cluster', () => startOwnCluster(3, 0, certificates)],
  ['Sentinel', () => startOwnSentinels(certificates)],
];

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

  it('signs in, over connections to the names of the certificates', async () => {
    const urls = { DATABASE_URL: database.url, REDIS_URL: place.url };
    const app = new TestApp({ ...urls, REDIS_CA: ca.cert });
    await app.start();
    onTestFinished(() => app.stop());
    await app.eventually(() => app.runtime.redis.status === 'ready');
    for (let people = 0; people < 6; people += 1)
      expect((await new Person(app).signUp()).accessToken).toBeTruthy();
  });
});
