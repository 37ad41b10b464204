import { newAddress } from '#tests/support/app.ts';
import type { OwnStore, OwnStores } from '#tests/support/own-stores.ts';
import { Caller, type Transport, transports } from './caller.ts';
import type { Secrets } from './secrets.ts';
import type { WatchedApp } from './watched-app.ts';

/** Everything that stands in the way of a mail: each leaves its code in the outbox for a while. */
export async function refuseMails(app: WatchedApp, secrets: Secrets): Promise<void> {
  const quoted = secrets.word();
  const askAll = async () => {
    for (const transport of transports) {
      const ada = new Caller(app, transport);
      await ada.ask('register', { password: quoted });
      await ada.ask('login', { password: quoted });
      await ada.ask('requestOtp');
    }
  };
  for (const code of [550, 451]) {
    app.mails.refuse = () => ({ code, text: `not this: ${quoted}` });
    await askAll();
    // The worker may still be connecting to Redis again.
    await app.eventually(async () => (await waiting(app, code === 550)).length >= 4, 15);
    await app.collect();
  }
  // A mail that was moved does not open: its job fails.
  const [one, two] = await waiting(app, false);
  const move = 'update outbox_entries set payload = ?, due_at = now() where id = ?';
  await app.sql(move, [one?.payload, two?.id]);
  await app.eventually(async () =>
    (await waiting(app, false)).some(
      ({ id, attempts }) => id === two?.id && attempts > two.attempts,
    ),
  );
  await app.collect();
}

interface Entry {
  readonly id: string;
  readonly payload: string | null;
  readonly attempts: number;
}

/** Mails that have been tried, and are refused for good or not. */
const waiting = (app: WatchedApp, refused: boolean): Promise<Entry[]> =>
  app.sql(
    `select id, payload, attempts from outbox_entries
     where kind = 'mail' and attempts > 0 and outcome is not distinct from ?
     order by id`,
    [refused ? 'REFUSED' : null],
  );

/** Asks everything that has a secret while a part of the service is away, or wrong. */
export async function breakStores(
  app: WatchedApp,
  { postgres, redis }: OwnStores,
  secrets: Secrets,
): Promise<void> {
  const people = await Promise.all(
    transports.map((transport) => openPerson(app, transport, secrets)),
  );
  const askAll = () => Promise.all(people.map((person) => askEverything(person, secrets)));

  // No outage: statements that fail.
  for (const table of ['accounts', 'sessions', 'outbox_entries']) {
    await app.sql(`alter table ${table} rename to away`);
    await askAll();
    await app.sql(`alter table away rename to ${table}`);
  }
  for (const store of [postgres, redis]) await whileAway(app, store, askAll);
  await askAll();
}

async function whileAway(app: WatchedApp, store: OwnStore, ask: () => Promise<unknown>) {
  await store.kill();
  await ask();
  await store.restart();
  await app.eventually(async () => (await app.fetch('/readyz')).status === 200);
}

interface SignedIn {
  readonly ada: Caller;
  readonly password: string;
  readonly otp: string;
  readonly challengeId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly key: string;
}

async function openPerson(
  app: WatchedApp,
  transport: Transport,
  secrets: Secrets,
): Promise<SignedIn> {
  const ada = new Caller(app, transport);
  const password = secrets.password();
  await ada.ask('register', { password });
  const pair = await ada.ask('verifyOtp', await ada.askForCode('login', { password }));
  await app.sql("update accounts set role = 'ADMIN' where email = ?", [ada.email]);
  await app.sql('update sessions set stepped_up_at = ?', [app.clock.now()]);
  const { key } = await ada.ask('createApiKey', { name: 'crm', scope: 'WRITE' }, pair.accessToken);
  return { ada, password, ...pair, key, ...(await ada.askForCode('requestOtp')) };
}

/** Operations that need no active session come last. */
async function askEverything(person: SignedIn, secrets: Secrets): Promise<void> {
  const { ada, password, otp, challengeId, accessToken, refreshToken, key } = person;
  const newPassword = secrets.password();
  await ada.ask('me', {}, accessToken);
  await ada.ask('users', {}, key);
  await ada.ask('createUser', { email: newAddress() }, key);
  await ada.ask('sessions', {}, accessToken);
  await ada.ask(
    'changePassword',
    { currentPassword: secrets.password(), newPassword },
    accessToken,
  );
  await ada.ask('login', { password });
  await ada.ask('login', { password: secrets.password() });
  await ada.ask('register', { password: secrets.password() });
  await ada.ask('verifyOtp', { otp: secrets.wrongCode(otp), challengeId });
  await ada.ask('resetPassword', { otp: secrets.wrongCode(otp), password: newPassword });
  await ada.ask('verifyOtp', { otp, challengeId });
  await ada.ask('refreshTokens', { refreshToken });
  await ada.ask('logout', { refreshToken: secrets.word() }, accessToken);
}
