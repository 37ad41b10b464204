import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { createSealer } from '#src/adapters/jwe-sealer.ts';
import { readConfig } from '#src/config/load-config.ts';
import { tokenAlgorithms } from '#src/ports/tokens.ts';
import { ensureSigningKey } from '#src/signing-keys/ensure-signing-key.ts';
import { rotateDueKey } from '#src/signing-keys/rotate-keys.ts';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp();
const sealer = createSealer('signing-key', 'secret of the tests');
const services = () => ({ em: app.runtime.orm.em.fork(), sealer, clock: app.clock });

const kidsAndAlgorithms = () =>
  app.sql<{ kid: string; alg: string }>(
    "select kid, public_jwk->>'alg' as alg from signing_keys order by signs_from",
  );

beforeEach(() => app.sql('delete from signing_keys'));

it.each(tokenAlgorithms)(
  'signs with %s in an empty database where TOKEN_ALG says so',
  async (alg) => {
    const there = await startSecondServer(app, { tokenAlgorithm: alg });
    const ada = new Person(there);
    const { accessToken } = await ada.signIn();

    expect(decodeProtectedHeader(accessToken).alg).toBe(alg);
    expect((await ada.me(accessToken)).data?.me.email).toBe(ada.email);
    expect((await new Person(app).me(accessToken)).data?.me.email).toBe(ada.email);
  },
);

it('keeps the algorithm of an existing database, and warns where TOKEN_ALG names another', async () => {
  await ensureSigningKey(services(), 'EdDSA');
  const before = await kidsAndAlgorithms();
  const warnings = () => app.logLines.filter((line) => line.includes('TOKEN_ALG'));
  await startSecondServer(app);
  expect(warnings()).toEqual([]);

  const there = await startSecondServer(app, { tokenAlgorithm: 'ES256' });
  expect(await kidsAndAlgorithms()).toEqual(before);
  const { accessToken } = await new Person(there).signIn();
  expect(decodeProtectedHeader(accessToken).alg).toBe('EdDSA');
  expect(warnings()).toHaveLength(1);
  expect(warnings()[0]).toContain('npx gatehouse keys rotate --alg ES256');
});

it('keeps the algorithm when keys rotate automatically', async () => {
  await ensureSigningKey(services(), 'RS256');
  app.clock.advance({ seconds: 90 * 86_400 });
  await rotateDueKey(services(), { keyRotationDays: 90 });

  expect((await kidsAndAlgorithms()).map(({ alg }) => alg)).toEqual(['RS256', 'RS256']);
});

it('reports pwd only if the client that redeems the code has sent the password', async () => {
  await ensureSigningKey(services());
  const amr = async (by: Person, code: string, challengeId?: string) =>
    decodeJwt((await by.verifyOtp(code, challengeId)).data?.verifyOtp.accessToken ?? '').amr;
  const ada = new Person(app);
  await ada.register();
  await ada.login();
  expect(await amr(ada, await ada.code(2))).toEqual(['pwd', 'otp']);

  await ada.login(PASSWORD);
  expect(await amr(new Person(app, ada.email), await ada.code(3))).toEqual(['otp']);

  const bob = new Person(app);
  const { data } = await bob.register();
  expect(await amr(bob, await bob.code(), data?.register.challengeId)).toEqual(['otp']);
});

it('keeps amr and auth_time over refreshes, and updates the role', async () => {
  await ensureSigningKey(services());
  const ada = new Person(app);
  await ada.register();
  await ada.login();
  const first = (await ada.verifyOtp(await ada.code(2))).data?.verifyOtp;
  const { auth_time, iat, role, sid } = decodeJwt(first?.accessToken ?? '');
  const [session] = await app.sql<{ opened: string }>(
    'select floor(extract(epoch from created_at)) as opened from sessions where id = ?',
    [sid],
  );
  expect([auth_time, role]).toEqual([Number(session?.opened), 'USER']);

  await app.sql("update accounts set role = 'ADMIN' where email = ?", [ada.email]);
  app.clock.advance({ seconds: 3600 });
  const { data } = await ada.refresh(first?.refreshToken ?? '');
  const claims = decodeJwt(data?.refreshTokens.accessToken ?? '');
  expect(claims).toMatchObject({ auth_time, amr: ['pwd', 'otp'], role: 'ADMIN' });
  expect(claims.iat).toBeGreaterThan(Number(iat) + 3000);
});

it('reads TOKEN_CLAIMS, and names the known claims if it finds an unknown one', () => {
  const stores = { DATABASE_URL: 'postgres://a@b/c', REDIS_URL: 'redis://d', SECRET_KEY: 'x' };
  const read = (variables: object) => readConfig({ ...stores, ...variables }, 'development');
  expect(read({}).tokenClaims).toEqual([]);
  const TOKEN_CLAIMS = 'email, email_verified,email metadata.plan';
  expect(read({ TOKEN_CLAIMS }).tokenClaims).toEqual(['email', 'email_verified', 'metadata.plan']);
  expect(() => read({ TOKEN_CLAIMS: 'email,name' })).toThrow(
    'TOKEN_CLAIMS: must be a list of `email`, `email_verified` and keys of the metadata such as',
  );
  expect(() => read({ TOKEN_ALG: 'HS256' })).toThrow(
    'TOKEN_ALG: must be one of `ES256`, `EdDSA`, `RS256`',
  );
});
