import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '#src/adapters/redis.ts';
import { problemAtStart } from '#src/adapters/redis-start.ts';
import { newAddress, newClient, TestApp } from '../support/app.ts';
import { newDatabase } from '../support/database.ts';
import { Person } from '../support/flow.ts';
import { type OwnCluster, startOwnCluster } from '../support/own-cluster.ts';
import { startServer } from '../worker/queue-sides.ts';

const database = newDatabase();
let cluster: OwnCluster;
let app: TestApp;

beforeAll(async () => {
  cluster = await startOwnCluster(3, 3);
  await database.create();
  app = new TestApp({ DATABASE_URL: database.url, REDIS_URL: cluster.url });
  await app.start();
  await app.eventually(() => app.runtime.redis.status === 'ready');
});
afterAll(async () => {
  await app.stop();
  await cluster.close();
  await database.drop();
});

const slotOf = async (address: string) =>
  Number(
    await cluster.nodes[0]?.run('CLUSTER', 'KEYSLOT', app.runtime.addressKeys.windows(address)),
  );

/** Returns the node that accepts writes for an address. */
async function primaryOf(address: string) {
  const slot = await slotOf(address);
  const shards = (await cluster.nodes.at(-1)?.run('CLUSTER', 'SLOTS')) as [
    number,
    number,
    [unknown, number],
  ][];
  const port = shards.find(([start, end]) => start <= slot && slot <= end)?.[2][1];
  const node = cluster.nodes.find((each) => each.port === port);
  if (!node) throw new Error(`no node serves slot ${slot}`);
  return node;
}

/** Wrong codes until the limit answers. */
async function guessesOf(person: Person, challengeId: string): Promise<number> {
  for (let guesses = 0; ; guesses += 1) {
    const { code } = await person.verifyOtp('000000', challengeId);
    if (code !== 'INVALID_OTP') return guesses;
  }
}

it('rejects a wrong user or password, also while Redis lets everybody in', async () => {
  const user = cluster.url.replace(':of-the-tests', 'nobody:of-the-tests');
  const problemOf = async (url: string) => {
    const redis = openRedis(url, 'request', app.runtime.log);
    const problem = await problemAtStart(redis);
    redis.disconnect();
    return problem;
  };
  expect(await problemOf(cluster.url.replace('of-the-tests', 'wrong'))).toMatch(
    /wrong user or pass/,
  );
  expect(await problemOf(cluster.url.replace(':of-the-tests@', ''))).toMatch(/password/);
  expect(await problemOf(user)).toMatch(/wrong user or pass/);
  const everybody = (rule: string) =>
    Promise.all(cluster.nodes.map((node) => node.run('ACL', 'SETUSER', 'default', rule)));
  await everybody('nopass');
  expect(await problemOf(user)).toMatch(/wrong user or pass/);
  await everybody('>of-the-tests');
});

it('signs in by password and by code, whichever node has the address', async () => {
  const onNode = new Map<number, string>();
  while (onNode.size < 3) {
    const address = newAddress();
    onNode.set((await primaryOf(address)).port, address);
  }
  const addresses = [...onNode.values()];
  const tagged = addresses.map((address) => address.replace('@', '+tag@'));
  const people = [...addresses, ...tagged].map((address) => new Person(app, address));
  await Promise.all(people.map((person) => person.signUp()));
  for (const person of people) {
    const { data } = await person.login();
    const otp = await person.code(2);
    const { data: tokens } = await person.verifyOtp(otp, data?.login.challengeId);
    expect(tokens?.verifyOtp.accessToken).toBeTruthy();
  }
});

it('announces each job, also when the nodes have lost their scripts', async () => {
  const queue = await startServer(cluster.url);
  const announced = async () => Number(await app.runtime.redis.get('{gatehouse}:audit:id'));
  for (let round = 0; round < 8; round += 1) {
    await Promise.all(cluster.nodes.map((node) => node.run('SCRIPT', 'FLUSH')));
    const before = await announced();
    queue.announce('audit', randomUUID());
    await expect.poll(announced, { timeout: 5000 }).toBeGreaterThan(before);
  }
});

it('counts the mails of a mailbox over all its addresses', async () => {
  const address = newAddress();
  const ask = (tag: number) =>
    new Person(app, address.replace('@', `+${tag}@`), newClient()).requestOtp();
  const codes: unknown[] = [];
  for (let tag = 0; tag < 16; tag += 1) codes.push((await ask(tag)).code);
  expect(codes).toEqual([...Array.from({ length: 15 }, () => undefined), 'RATE_LIMITED']);
});

it('follows slots that move to another node', async () => {
  const person = new Person(app);
  const { challengeId } = (await person.requestOtp()).data?.requestOtp ?? {};
  const slot = String(await slotOf(person.email));
  const from = await primaryOf(person.email);
  const to = cluster.nodes.slice(0, 3).find((node) => node !== from);
  if (!to) throw new Error('no other node');
  const move = (state: string, node: { readonly id: string }) => [
    'CLUSTER',
    'SETSLOT',
    slot,
    state,
    node.id,
  ];
  await to.run(...move('IMPORTING', from));
  await from.run(...move('MIGRATING', to));
  // Some keys have moved, and the slot has not.
  const keys = (await from.run('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[];
  expect(keys.length).toBeGreaterThan(1);
  const words = ['127.0.0.1', String(to.port), '', '0', '5000', 'AUTH', 'of-the-tests', 'KEYS'];
  await from.run('MIGRATE', ...words, ...keys);
  const { data } = await person.verifyOtp(await person.code(1), challengeId);
  expect(data?.verifyOtp.accessToken).toBeTruthy();
  for (const node of [to, from]) await node.run(...move('NODE', to));
  const { code } = await person.requestOtp();
  expect(code).toBeUndefined();
});

it('answers that it is unavailable while no node answers, and serves again without a restart', async () => {
  const codeOf = async () => (await new Person(app).requestOtp()).code;
  for (const node of cluster.nodes) node.freeze();
  const codes = new Set<unknown>();
  for (const end = Date.now() + 8000; Date.now() < end; ) codes.add(await codeOf());
  for (const node of cluster.nodes) node.thaw();
  expect([...codes]).toEqual(['UNAVAILABLE']);
  await app.eventually(async () => (await codeOf()) === undefined, 15);
});

it('accepts no code twice after a failover that lost the last writes, and grants each limit once more at most', async () => {
  const [owner, guesser] = [new Person(app), new Person(app)];
  await owner.signUp();
  const asked = (await owner.requestOtp()).data?.requestOtp;
  const otp = await owner.code(2);
  // The same node, so that one failover loses the writes of both.
  const primary = await primaryOf(owner.email);
  while ((await primaryOf(guesser.email)) !== primary)
    Object.assign(guesser, { email: newAddress() });
  const challengeId = (await guesser.requestOtp()).data?.requestOtp.challengeId ?? '';
  await guesser.code(1);

  const replicas = cluster.nodes.slice(3);
  for (const replica of replicas) replica.freeze();
  // Otherwise the replica would read later writes from its socket when it continues.
  await primary.run('CLIENT', 'KILL', 'TYPE', 'replica');
  const { data } = await owner.verifyOtp(otp, asked?.challengeId);
  expect(data?.verifyOtp.accessToken).toBeTruthy();
  const before = await guessesOf(guesser, challengeId);
  await primary.kill();
  for (const replica of replicas) replica.thaw();
  await app.eventually(
    async () => (await new Person(app, owner.email, newClient()).requestOtp()).code === undefined,
    15,
  );

  expect((await owner.verifyOtp(otp, asked?.challengeId)).code).toBe('INVALID_OTP');
  const after = await guessesOf(guesser, challengeId);
  expect([before, after]).toEqual([5, 5]);
});
