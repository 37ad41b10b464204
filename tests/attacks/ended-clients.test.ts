import { expect, it } from 'vitest';
import { type Transport, transports } from '../equivalence/either-transport.ts';
import { stepUp } from '../support/api-key.ts';
import { useApp } from '../support/app.ts';
import { FactorOwner } from '../support/factor-owner.ts';
import { PASSWORD } from '../support/flow.ts';
import { manyCodes } from '../support/wide-limits.ts';

// Whoever had a session is at a known client for 30 days more, and known clients share their mailed
// codes. After ASVS 5.0 6.1.1: nobody locks the owner out.

const app = useApp({
  ...manyCodes,
  LIMIT_MAILED_CODES: '5/600',
});
const NEW = 'amber-compass-91';

const enter = async (person: FactorOwner) => {
  person.token = (await person.signIn()).accessToken;
};

/** An owner who has been at the same client for days, and a thief who has got in since. */
async function withThief(transport: Transport) {
  const ada = new FactorOwner(app, transport);
  await ada.signUp();
  app.clock.advance({ seconds: 10 * 24 * 3600 });
  await enter(ada);
  const thief = new FactorOwner(app, transport, { email: ada.email });
  await enter(thief);
  app.clock.advance({ seconds: 660 });
  return { ada, thief };
}

const done = async (outcome: Promise<{ code: unknown }>) =>
  expect((await outcome).code).toBeUndefined();

const requestOtp = (person: FactorOwner) => person.ask('requestOtp', { email: person.email });

/** Uses up the codes that known clients have together, or else the unknown ones. */
async function useUpCodes(person: FactorOwner): Promise<void> {
  for (let n = 0; n < 5; n += 1) await requestOtp(person);
  expect((await requestOtp(person)).code).toBe('RATE_LIMITED');
}

/** Reactions of the owner to the thief. */
const reactions: Readonly<Record<string, (ada: FactorOwner) => Promise<unknown>>> = {
  async revokeSession(ada) {
    const sessions = Object.values((await ada.ask('sessions')).members) as Record<
      string,
      unknown
    >[];
    const foreign = sessions.find((session) => !Object.values(session).includes(ada.from));
    await done(ada.ask('revokeSession', { id: foreign?.id }));
  },
  revokeOtherSessions: (ada) => done(ada.ask('revokeOtherSessions')),
  changePassword: (ada) =>
    done(ada.ask('changePassword', { currentPassword: PASSWORD, newPassword: NEW })),
  async resetPassword(ada) {
    const before = ada.codes().length;
    const { challengeId } = await ada.ask('forgotPassword', { email: ada.email });
    const otp = await ada.code(before + 1);
    await done(ada.ask('resetPassword', { email: ada.email, otp, challengeId, password: NEW }));
  },
  async 'a first factor'(ada) {
    await stepUp(app, ada);
    await done(ada.enroll());
  },
};

it.each(
  transports.flatMap((transport) =>
    Object.entries(reactions).map(([name, react]) => ({ transport, name, react })),
  ),
)(
  'makes the client unknown whose session the owner has ended: $name, $transport',
  async ({ transport, react }) => {
    const { ada, thief } = await withThief(transport);
    await enter(ada);
    await react(ada);
    await app.mailsDelivered();
    app.clock.advance({ seconds: 660 });
    await useUpCodes(thief);
    expect((await requestOtp(ada)).code).toBeUndefined();
  },
);

it('leaves the owner known at an older client, whatever a later one ends', async () => {
  const { ada, thief } = await withThief('GraphQL');
  await enter(thief);
  await done(thief.ask('revokeOtherSessions'));
  await done(thief.ask('changePassword', { currentPassword: PASSWORD, newPassword: NEW }));
  app.clock.advance({ seconds: 660 });
  await useUpCodes(new FactorOwner(app, 'GraphQL', { email: ada.email }));
  expect((await requestOtp(ada)).code).toBeUndefined();
});

it('leaves a client known that still has a session, and all if the owner is at an unknown one', async () => {
  const { ada, thief: phone } = await withThief('GraphQL');
  const second = await phone.signIn();
  const [oldest] = (
    await app.sql<{ id: string }>(
      `select s.id from sessions s join accounts a on a.id = s.account_id
       where a.email = ? and s.ip_address = ? order by s.created_at`,
      [ada.email, phone.from],
    )
  ).slice(0, 1);
  await enter(ada);
  await done(ada.ask('revokeSession', { id: oldest?.id }));
  expect((await phone.me(second.accessToken)).code).toBeUndefined();
  const abroad = new FactorOwner(app, 'GraphQL', { email: ada.email });
  abroad.token = ada.token;
  await done(abroad.ask('revokeOtherSessions'));
  app.clock.advance({ seconds: 660 });
  await useUpCodes(new FactorOwner(app, 'GraphQL', { email: ada.email }));
  expect((await requestOtp(phone)).code).toBeUndefined();
});
