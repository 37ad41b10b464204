import { expect, it } from 'vitest';
import { Administrator, idOf } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { type Cost, costOf } from './support/costs.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { whileAccountIsLocked } from './support/locked-account.ts';
import { rest } from './support/rest.ts';

const app = useApp({ LIMIT_REGISTER: '1000/60' });

async function disabled() {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  const tokens = await ada.signUp();
  const id = await idOf(app, ada);
  const answer = await admin.disableUser(id);
  expect(answer.code).toBeUndefined();
  return { admin, ada, id, tokens, answer };
}

it('refuses the account everywhere from the next request on', async () => {
  const { admin, ada, id, tokens, answer } = await disabled();
  expect(answer.data?.disableUser).toMatchObject({ id, email: ada.email, status: 'DISABLED' });
  const { accessToken, refreshToken } = tokens;
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.refresh(refreshToken)).code).toBe('INVALID_TOKEN');
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  expect((await ada.updateProfile(accessToken, { firstName: 'x' })).code).toBe('UNAUTHENTICATED');
  // None of these mails anything.
  await app.mailsDelivered();
  const mails = ada.mails().length;
  for (const answer of [await ada.requestOtp(), await ada.forgotPassword(), await ada.register()]) {
    expect(answer.code).toBeUndefined();
  }
  await app.mailsDelivered();
  expect(ada.mails()).toHaveLength(mails);

  expect((await admin.enableUser(id)).data?.enableUser).toMatchObject({ status: 'ACTIVE' });
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await ada.login()).code).toBeUndefined();
});

it('rejects codes that were mailed before, also after the user is enabled again', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signUp();
  const signIn = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const reset = (await ada.forgotPassword()).data?.forgotPassword.challengeId;
  const [signInCode, resetCode] = [await ada.code(2), await ada.code(3)];
  const id = await idOf(app, ada);
  await admin.disableUser(id);
  const redeem = async () => [
    (await ada.verifyOtp(signInCode, signIn)).code,
    (await ada.resetPassword(resetCode, 'amber-compass-91', reset)).code,
  ];
  expect(await redeem()).toEqual(['INVALID_OTP', 'INVALID_OTP']);
  await admin.enableUser(id);
  expect(await redeem()).toEqual(['INVALID_OTP', 'INVALID_OTP']);
  expect((await ada.login()).code).toBeUndefined();
});

it('answers about a disabled account as about an unknown address, at the same cost', async () => {
  const { ada } = await disabled();
  const asks: Record<string, (person: Person) => Promise<{ text: string; status: number }>> = {
    register: (person) => person.register(),
    login: (person) => person.login(),
    requestOtp: (person) => person.requestOtp(),
    forgotPassword: (person) => person.forgotPassword(),
    verifyOtp: (person) => person.verifyOtp('000000', '1'),
    resetPassword: (person) => person.resetPassword('000000', 'amber-compass-91', '1'),
  };
  for (const [name, ask] of Object.entries(asks)) {
    const [known, unknown] = [ada, new Person(app)].map(
      // Also from the client that it was known to.
      ({ email, from }) => new Person(app, email, from),
    ) as [Person, Person];
    const answers: string[] = [];
    const costs: Cost[] = [];
    for (const person of [known, unknown]) {
      const cost = await costOf(app, async () => {
        const { status, text } = await ask(person);
        answers.push(`${status} ${text.replaceAll(/[\d-]{49}/g, '…')}`);
      });
      // Whether the client has touched the address before differs.
      costs.push({ ...cost, redis: 0 });
    }
    expect(answers[0], name).toBe(answers[1]);
    expect(costs[0], name).toEqual(costs[1]);
  }
});

it('records who did it, once', async () => {
  const { admin, ada, id } = await disabled();
  await admin.disableUser(id);
  await admin.enableUser(id);
  await admin.enableUser(id);
  await app.auditWritten();
  const events = (await ada.events()).filter(({ event }) => event.startsWith('USER_'));
  const by = await idOf(app, admin);
  expect(events).toMatchObject([
    { event: 'USER_DISABLED', metadata: { by } },
    { event: 'USER_ENABLED', metadata: { by } },
  ]);
});

it('is for administrators only', async () => {
  const { admin, ada, id } = await disabled();
  const eve = new Person(app);
  const { accessToken: token } = await eve.signIn();
  for (const [method, path] of [
    ['GET', '/admin/users'],
    ['GET', `/admin/users/${id}`],
    ['POST', `/admin/users/${id}/disable`],
    ['POST', `/admin/users/${id}/enable`],
  ] as const) {
    const asked = await rest(app, method, path, undefined, { token });
    expect([asked.status, asked.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await rest(app, method, path)).status).toBe(401);
    // The rate limit of administrators is left alone.
    expect(asked.headers.ratelimit).not.toContain('administration');
  }
  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  expect((await admin.user(id)).data?.user).toMatchObject({ status: 'DISABLED' });
});

it('rejects unknown users and impossible ids', async () => {
  const admin = await Administrator.create(app);
  for (const id of ['00000000-0000-7000-8000-000000000000', 'none', '']) {
    expect((await admin.disableUser(id)).code).toBe('NOT_FOUND');
    expect((await admin.user(id)).code).toBe('NOT_FOUND');
  }
  expect((await admin.disableUser('a\0b')).code).toBe('BAD_USER_INPUT');
});

it('ends the powers of an administrator whose session or role ended meanwhile', async () => {
  for (const [statement, code] of [
    ["update accounts set role = 'USER' where id = $1", 'FORBIDDEN'],
    ['update accounts set disabled_at = now() where id = $1', 'UNAUTHENTICATED'],
  ] as const) {
    const [admin, ada] = [await Administrator.create(app), new Person(app)];
    await ada.signIn();
    const id = await idOf(app, ada);
    const [answer] = await whileAccountIsLocked(app, admin.email, {
      start: () => [admin.disableUser(id)],
      statement,
    });
    expect(answer?.code).toBe(code);
    expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
    const [account] = await app.sql('select disabled_at from accounts where id = ?', [id]);
    expect(account).toEqual({ disabled_at: null });
  }
});

it('keeps one active administrator, also under concurrent requests', async () => {
  await app.sql("update accounts set role = 'USER'");
  const admins = await Promise.all(Array.from({ length: 4 }, () => Administrator.create(app)));
  // An administrator who is not verified could not sign in.
  await app.sql(
    `insert into accounts (id, email, role, created_at)
     values (gen_random_uuid(), 'unverified@example.com', 'ADMIN', now())`,
  );
  const ids = await Promise.all(admins.map((admin) => idOf(app, admin)));
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(admins.flatMap((admin) => ids.map((id) => admin.disableUser(id))));
    const active = await app.sql<{ id: string }>(
      "select id from accounts where role = 'ADMIN' and disabled_at is null and email_verified_at is not null",
    );
    expect(active).toHaveLength(1);
    const last = admins[ids.indexOf(active[0]?.id ?? '')] as Administrator;
    const answer = await last.disableUser(active[0]?.id ?? '');
    expect(answer.errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      fields: { id: ['This is the last ADMIN. First give another user the role ADMIN.'] },
    });
    for (const id of ids) await last.enableUser(id);
    app.clock.advance({ seconds: 601 });
    await Promise.all(admins.map((each) => each.enter()));
  }
});

it('opens no session by a code that is redeemed while the user is being disabled', async () => {
  const [admin, ada] = [await Administrator.create(app), new Person(app)];
  await ada.signUp();
  const challengeId = (await ada.requestOtp()).data?.requestOtp.challengeId;
  const otp = await ada.code(2);
  const answers = await whileAccountIsLocked(app, ada.email, {
    start: () => [ada.verifyOtp(otp, challengeId)],
    statement: 'update accounts set disabled_at = now() where id = $1',
  });
  expect(answers[0]?.code).toBe('INVALID_OTP');
  expect((await admin.user(await idOf(app, ada))).data?.user).toMatchObject({ status: 'DISABLED' });
});

it('works on the command line, by id or address', async () => {
  const ada = new Person(app);
  const { accessToken } = await ada.signUp();
  const id = await idOf(app, ada);
  const { code, output } = await command(app, 'users', `disable ${ada.email.toUpperCase()} --json`);
  expect([code, JSON.parse(output)]).toEqual([
    0,
    expect.objectContaining({ id, email: ada.email, status: 'DISABLED' }),
  ]);
  expect((await ada.me(accessToken)).code).toBe('UNAUTHENTICATED');
  expect((await command(app, 'users', `enable ${id}`)).code).toBe(0);
  expect((await ada.login(PASSWORD)).code).toBeUndefined();
  expect(await command(app, 'users', 'disable nobody@example.com')).toEqual({
    code: 1,
    output: 'User not found. List users to find the right ID.\n',
  });
  await app.auditWritten();
  const [event] = (await ada.events()).filter(({ event }) => event === 'USER_DISABLED');
  expect(event).toMatchObject({ metadata: { by: 'operator' }, user_agent: 'users' });
});

it('leaves createsuperuser a way back', async () => {
  const { ada, id } = await disabled();
  const words = `--email ${ada.email}`;
  const refused = await command(app, 'createsuperuser', words);
  expect([refused.code, refused.output]).toEqual([
    1,
    `The account is disabled. First run: npx gatehouse users enable ${ada.email}. If that finds no user, the address is reserved, because a user gave it up in the last 7 days.\n`,
  ]);
  await command(app, 'users', `enable ${id}`);
  expect((await command(app, 'createsuperuser', words)).code).toBe(0);
});
