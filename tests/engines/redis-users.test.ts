import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '#src/adapters/pino-log.ts';
import { openRedis } from '#src/adapters/redis.ts';
import { problemAtStart } from '#src/adapters/redis-start.ts';
import { checkRedis } from '#src/cli/doctor-redis.ts';
import { newAddress, TestApp } from '../support/app.ts';
import { newDatabase } from '../support/database.ts';
import { blocksOf } from '../support/documents.ts';
import { PASSWORD, Person, wrongCode } from '../support/flow.ts';
import { startOwnCluster } from '../support/own-cluster.ts';
import { startOwnRedis } from '../support/own-redis.ts';
import { startOwnSentinels } from '../support/own-sentinels.ts';

/** The rules of the documented users: of Redis, and of sentinels. */
const [rules = [], sentinelRules = []] = blocksOf('docs/operate/scale.md')
  .filter(({ code }) => code.startsWith('user gatehouse '))
  .map(({ code }) => code.replace('PASSWORD', 'narrow').trim().split(' ').slice(2));
const ofCluster = ['+asking', '+cluster|info', '+cluster|slots'];

interface Server {
  run(command: string, ...words: string[]): Promise<unknown>;
}

interface Place {
  readonly url: string;
  readonly servers: readonly (readonly [Server, readonly string[]])[];
  close(): Promise<void>;
}

const grant = (servers: readonly Server[], given: readonly string[]) =>
  servers.map((server) => [server, given] as const);

const places: readonly (readonly [string, () => Promise<Place>])[] = [
  [
    'one Redis',
    async () => {
      const redis = await startOwnRedis();
      return { url: redis.url, close: redis.close, servers: grant([redis], rules) };
    },
  ],
  [
    'a Redis Cluster',
    async () => {
      const { url, nodes, close } = await startOwnCluster(3);
      return { url, close, servers: grant(nodes, [...rules, ...ofCluster]) };
    },
  ],
  [
    'Sentinel',
    async () => {
      const { url, nodes, sentinels, close } = await startOwnSentinels();
      const servers = [...grant(nodes, rules), ...grant(sentinels, sentinelRules)];
      return { url, close, servers };
    },
  ],
];

describe.each(places)('on %s', (_name, start) => {
  const database = newDatabase();
  let place: Place;
  let app: TestApp;
  let url: string;

  beforeAll(async () => {
    place = await start();
    for (const [server, given] of place.servers) {
      await server.run('ACL', 'SETUSER', 'gatehouse', 'reset', ...given);
      await server.run('ACL', 'LOG', 'RESET');
    }
    await database.create();
    url = place.url.replace(':of-the-tests@', 'gatehouse:narrow@');
    // With the setting, servers remember in Redis who has written. This one is no replica.
    const stores = { DATABASE_URL: database.url, DATABASE_READ_URL: database.url, REDIS_URL: url };
    app = new TestApp(stores);
    await app.start();
    await app.eventually(() => app.runtime.redis.status === 'ready');
  });
  afterAll(async () => {
    await app.stop();
    await place.close();
    await database.drop();
  });

  it('the documented user is enough for all flows', async () => {
    const person = new Person(app);
    await person.signUp();
    const { data } = await person.login();
    const code = await person.code(2);
    expect((await person.verifyOtp(wrongCode(code), data?.login.challengeId)).code).toBe(
      'INVALID_OTP',
    );
    const signedIn = (await person.verifyOtp(code, data?.login.challengeId)).data?.verifyOtp;
    const refreshed = await person.refresh(signedIn?.refreshToken ?? '');
    const token = refreshed.data?.refreshTokens.accessToken ?? '';
    expect((await person.updateProfile(token, { firstName: 'Ada' })).code).toBeUndefined();
    expect((await person.auditLogs(token)).code).toBeUndefined();

    const asked = (await person.forgotPassword()).data?.forgotPassword.challengeId;
    const reset = await person.resetPassword(await person.code(3), `${PASSWORD}-2`, asked);
    expect(reset.code).toBeUndefined();
    expect((await person.login('wrong')).code).toBe('INVALID_CREDENTIALS');

    const refused = new Person(app, newAddress());
    app.mails.refuse = (address) =>
      address === refused.email ? { code: 550, text: 'no such user' } : undefined;
    await refused.requestOtp();
    await app.mailsDelivered();
    await app.auditWritten();
    expect(
      (await checkRedis(app.runtime.config)).filter(({ status }) => status === 'problem'),
    ).toEqual([]);
    for (const [server] of place.servers) expect(await server.run('ACL', 'LOG')).toEqual([]);
  });

  it('refuses a user who lacks a permission, at the start', async () => {
    const log = createLog('silent', 'users');
    const problemOf = async (profile: 'request' | 'queue') => {
      const redis = openRedis(url, profile, log);
      onTestFinished(() => redis.disconnect());
      const problem = await problemAtStart(redis);
      redis.disconnect();
      return problem;
    };
    // Gatehouse works without these: names of connections, the check of the policy, doctor's clock.
    const optional = /^\+(client|info|ping|select|time)\b/;
    const needed = rules.filter((rule) => /^[+~]/.test(rule) && !optional.test(rule));
    expect(needed.length).toBeGreaterThan(40);
    const unnoticed: string[] = [];
    for (const lost of needed) {
      const redises = place.servers.filter(([, given]) => given !== sentinelRules);
      for (const [server, given] of redises) {
        const left = given.filter((rule) => rule !== lost);
        await server.run('ACL', 'SETUSER', 'gatehouse', 'reset', ...left);
      }
      const refusal = async () => {
        const problems = [await problemOf('request'), await problemOf('queue')];
        return problems.find((text) => text?.includes('(the user lacks a permission). Allow'));
      };
      // A Redis that is only slow does not stop a start.
      await app.eventually(refusal).catch(() => unnoticed.push(lost));
    }
    expect(unnoticed).toEqual([]);
  });
});
