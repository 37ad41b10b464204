import { describe, expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';
import { startSecondServer } from './support/second-server.ts';

const app = useApp({
  LIMIT_WRONG_PASSWORDS: '2/900',
  LIMIT_WRONG_CODES: '2/900',
  LIMIT_MAILED_CODES: '2/900',
  LIMIT_CODE_REQUESTS: '900/900',
  LIMIT_REGISTER: '2/900',
});

interface Refusal {
  readonly of: string;
  readonly event: string;
  readonly code: string;
  /** May be done twice; each more is refused. */
  act(person: Person): Promise<{ code: unknown }>;
}

const locked = { code: 'LOCKED' };
const limited = { code: 'RATE_LIMITED', event: 'RATE_LIMITED' };
const refusals: Refusal[] = [
  { of: 'passwords', ...locked, event: 'LOGIN_LOCKED', act: (person) => person.login('not-it') },
  { of: 'codes', ...locked, event: 'OTP_LOCKED', act: (person) => person.verifyOtp('000000') },
  { of: 'mails to an address', ...limited, act: (person) => person.requestOtp() },
  { of: 'requests of a client', ...limited, act: (person) => person.register() },
];

/** Returns a user whose next attempt is the first rejected one. */
async function usedUp({ act }: Refusal): Promise<Person> {
  const ada = new Person(app);
  await act(ada);
  await act(ada);
  return ada;
}

/** How often it was recorded, once nothing waits any more. */
async function recorded(person: Person, { event }: Refusal): Promise<number> {
  await app.eventually(
    async () =>
      (await app.sql("select 1 from outbox_entries where kind = 'audit' and done_at is null"))
        .length === 0,
  );
  return (await person.events()).filter((row) => row.event === event).length;
}

/** While nothing can be put into the outbox. */
const whileOutboxIsShut = <T>(work: () => Promise<T>): Promise<T> =>
  app.runtime.orm.em.fork().transactional(async (em) => {
    await em.execute('lock table outbox_entries in exclusive mode');
    return work();
  });

describe.each(refusals)('a rejection because of too many $of', (refusal) => {
  const { act, code } = refusal;

  it('is recorded once PostgreSQL is available, and nobody is rejected before that', async () => {
    const ada = await usedUp(refusal);
    const shut = await whileOutboxIsShut(() => act(ada));
    expect(shut.code).toBe('UNAVAILABLE');

    expect((await act(ada)).code).toBe(code);
    expect(await recorded(ada, refusal)).toBe(1);
  });

  it('is recorded once, however many requests and servers reject', async () => {
    const ada = await usedUp(refusal);
    const there = new Person(await startSecondServer(app), ada.email, ada.from);
    const attempts = Array.from({ length: 20 }, (_, number) => act(number % 2 ? ada : there));
    const answers = await Promise.all(attempts);
    expect(new Set(answers.map((answer) => answer.code))).toEqual(new Set([code]));
    await act(ada);
    expect(await recorded(ada, refusal)).toBe(1);
  });

  it('writes nothing to PostgreSQL after it is recorded', async () => {
    const ada = await usedUp(refusal);
    await act(ada);
    await whileOutboxIsShut(async () => expect((await act(ada)).code).toBe(code));
  });

  it('is recorded again in a new window, after Redis lost its data', async () => {
    const ada = await usedUp(refusal);
    await act(ada);
    await app.runtime.redis.flushdb();
    expect((await act(ada)).code).not.toBe(code);
    expect((await act(ada)).code).not.toBe(code);
    expect((await act(ada)).code).toBe(code);
    expect(await recorded(ada, refusal)).toBe(2);
  });
});
