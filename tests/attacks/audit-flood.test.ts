import { beforeAll, expect, it } from 'vitest';
import { HOUR } from '#src/audit/count-failure.ts';
import { schedule } from '#worker/scheduled-jobs.ts';
import { newClient, useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { goingOn, workerAt } from '../worker/open-worker.ts';

const app = useApp();
const CLIENTS = 300;
const OWN_ROWS = 100;

/** Failures are counted by the hour: the tests begin with one. */
beforeAll(() => {
  app.clock.advance({ seconds: (HOUR - (app.clock.now().getTime() % HOUR)) / 1000 });
});

interface Row {
  readonly event: string;
  readonly ip_address: string;
  readonly metadata: Record<string, unknown>;
  readonly created_at: string;
}

/** Makes `CLIENTS` unknown clients fail at one address, twenty at a time. */
async function flood(email: string): Promise<void> {
  for (let done = 0; done < CLIENTS; done += 20) {
    const clients = Array.from({ length: 20 }, () => new Person(app, email, newClient()));
    await Promise.all(clients.map((client) => client.verifyOtp('000000')));
  }
}

/** Runs the worker's scheduled work with the clock this many minutes ahead. */
async function writeCounters(minutes: number): Promise<void> {
  const item = schedule.find(({ name }) => name === 'write-counted-failures');
  const now = new Date(app.clock.now().getTime() + minutes * 60_000);
  await item?.run(workerAt(app.runtime as never, now), goingOn);
}

const rowsOf = (email: string) =>
  app.sql<Row>('select * from audit_events where email = ? order by id', [email]);

const written = (email: string, rows: number) =>
  app.eventually(async () => {
    const found = await rowsOf(email);
    return found.length >= rows && found;
  });

it.each(['an account', 'no account'])(
  `stores ${CLIENTS} failures of unknown clients for an address with %s in ${OWN_ROWS + 1} rows`,
  { timeout: 60_000 },
  async (kind) => {
    const owner = new Person(app);
    if (kind === 'an account') await owner.signIn();
    const before = kind === 'an account' ? (await written(owner.email, 2)).length : 0;
    await flood(owner.email);
    await written(owner.email, before + OWN_ROWS);
    // The next event of the address is written after all that are waiting.
    await new Person(app, owner.email).forgotPassword();
    const rows = await app.eventually(async () => {
      const found = await rowsOf(owner.email);
      return found.at(-1)?.event === 'PASSWORD_RESET_REQUESTED' && found;
    });
    expect(rows).toHaveLength(before + OWN_ROWS + 1);

    await writeCounters(0);
    expect(await rowsOf(owner.email)).toHaveLength(before + OWN_ROWS + 1);
    await Promise.all([writeCounters(62), writeCounters(62)]);
    const after = await rowsOf(owner.email);
    expect(after).toHaveLength(before + OWN_ROWS + 2);
    const counted = after.find(({ metadata }) => 'count' in metadata);
    expect(counted).toMatchObject({
      event: 'OTP_LOCKED',
      ip_address: expect.stringMatching(/^127\..+\/32$/),
      metadata: { count: CLIENTS - OWN_ROWS, events: { OTP_LOCKED: CLIENTS - OWN_ROWS } },
    });
    expect(Object.keys(counted?.metadata.clients ?? {})).toHaveLength(5);
    expect(await app.sql('select 1 from audit_counters where email = ?', [owner.email])).toEqual(
      [],
    );
  },
);

it('records each failure of a known client and each success, however many failures unknown clients cause', async () => {
  const owner = new Person(app);
  await owner.signIn();
  await app.sql(
    `insert into audit_counters (email, hour, failures, events, clients)
     values (?, date_trunc('hour', ?::timestamptz), 100, '{}', '{}')`,
    [owner.email, app.clock.now()],
  );
  await new Person(app, owner.email).login('not-the-password');
  await owner.login('not-the-password');
  await owner.signIn();
  const events = (await written(owner.email, 5)).map(({ event }) => event);

  expect(events).toEqual([
    ...['OTP_REQUESTED', 'OTP_VERIFIED'],
    ...['LOGIN_FAILED', 'OTP_REQUESTED', 'OTP_VERIFIED'],
  ]);
});

it('keeps the most frequent clients of an hour, however many there are', async () => {
  const { email } = new Person(app);
  const [often, ...others] = Array.from({ length: 41 }, () => newClient());
  await app.sql(
    `insert into audit_counters (email, hour, failures, events, clients)
     values (?, date_trunc('hour', ?::timestamptz), 100, '{}', '{}')`,
    [email, app.clock.now()],
  );
  for (const [index, from] of others.entries()) {
    await new Person(app, email, from).login('not-the-password');
    if (index % 10 === 0) await new Person(app, email, often).login('not-the-password');
  }
  const [counter] = await app.sql<{ events: object; clients: Record<string, number> }>(
    'select events, clients from audit_counters where email = ?',
    [email],
  );

  expect(counter?.events).toEqual({ LOGIN_FAILED: 44 });
  expect(Object.keys(counter?.clients ?? {})).toHaveLength(20);
  expect(counter?.clients[`${often}/32`]).toBeGreaterThanOrEqual(4);
});
