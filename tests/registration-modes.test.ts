import { describe, expect, it } from 'vitest';
import { Mover } from './support/address-changes.ts';
import { newClient, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const closed = { REGISTRATION: 'closed' };
const domains = { REGISTRATION: 'domains', REGISTRATION_DOMAINS: 'example.org, .example.net' };

describe.each([
  ['closed', closed],
  ['domains', domains],
])('with REGISTRATION=%s', (_name, variables) => {
  const app = useApp(variables);

  it('creates no account and mails nothing for an address that is not allowed', async () => {
    const ada = new Person(app);
    const registered = await ada.register();
    const asked = await ada.requestOtp();
    for (const { data } of [registered, asked]) {
      const [challenge] = Object.values(data ?? {});
      expect(challenge).toMatchObject({ expiresIn: 300, challengeId: expect.any(String) });
    }
    expect((await ada.verifyOtp('000000', asked.data?.requestOtp.challengeId)).code).toBe(
      'INVALID_OTP',
    );
    expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
    await app.mailsDelivered();

    expect(ada.mails()).toEqual([]);
    expect(await app.sql('select 1 from accounts where email = ?', [ada.email])).toEqual([]);
    const event = await app.eventually(async () =>
      (await ada.events()).find(({ event }) => event === 'REGISTERED'),
    );
    expect(event.metadata).toEqual({ outcome: 'refused' });
  });

  it('lets existing accounts sign in, and notifies their owner of a registration', async () => {
    const ada = new Person(app);
    await app.sql(
      `insert into accounts (id, email, email_verified_at, role, created_at)
       values (gen_random_uuid(), ?, now(), 'USER', now())`,
      [ada.email],
    );
    expect((await ada.signIn()).user.email).toBe(ada.email);
    await new Person(app, ada.email, newClient()).register('somebody-elses-76');
    const notice = await app.eventually(() => ada.mails()[1]);
    expect(notice).toContain('You already have an account at localhost');
  });
});

describe('with REGISTRATION=domains, for an address of a domain', () => {
  const app = useApp(domains);

  it.each(['ada@example.org', 'ada@example.net', 'ada@mail.example.net'])(
    'creates an account for %s by register',
    async (email) => {
      expect((await new Person(app, email).signUp(PASSWORD)).user.hasPassword).toBe(true);
    },
  );

  it('changes an address only to one of a domain', async () => {
    const ada = await Mover.create(app, 'GraphQL', 'grace@example.org');
    expect((await ada.request('grace@example.com')).code).toBe('BAD_USER_INPUT');
    expect(await ada.move('grace@mail.example.net')).toBeUndefined();
  });

  it('creates an account by a first sign-in', async () => {
    expect((await new Person(app, 'bob@example.org').signIn()).user.email).toBe('bob@example.org');
  });

  it.each(['ada@mail.example.org', 'ada@badexample.net', 'ada@example.org.evil.com'])(
    'creates no account for %s',
    async (email) => {
      await new Person(app, email).register();
      expect(await app.sql('select 1 from accounts where email = ?', [email])).toEqual([]);
    },
  );
});
