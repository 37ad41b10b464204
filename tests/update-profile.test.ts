import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();

it('changes given fields, clears null fields, and keeps the rest', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  const names = async () => {
    const me = (await ada.me(token)).data?.me;
    return [me?.firstName, me?.lastName];
  };

  const both = await ada.updateProfile(token, { firstName: ' Zoë ', lastName: "O'Neil" });
  expect(both.data?.updateProfile).toMatchObject({ firstName: 'Zoë', lastName: "O'Neil" });
  expect(await names()).toEqual(['Zoë', "O'Neil"]);
  await ada.updateProfile(token, { firstName: null });
  expect(await names()).toEqual([null, "O'Neil"]);
  await ada.updateProfile(token, {});
  expect(await names()).toEqual([null, "O'Neil"]);
});

it('rejects requests without a valid token, and names that cannot be stored', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();

  // Whether somebody is signed in is asked before what the input is like.
  for (const firstName of ['x', 'x'.repeat(151)]) {
    expect((await ada.updateProfile('', { firstName })).code).toBe('UNAUTHENTICATED');
  }
  for (const firstName of ['x'.repeat(151), 'a\0b', 'a\nb', '\ud800']) {
    const answer = await ada.updateProfile(token, { firstName });
    expect(answer.errors[0]?.extensions.fields).toHaveProperty('firstName');
  }
});

it('sets the language of mails that the request does not choose', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  const set = async (locale: string | null) =>
    (await ada.updateProfile(token, { locale })).data?.updateProfile.locale;
  expect(await set(' PT-br ')).toBe('pt-BR');
  expect((await ada.me(token)).data?.me.locale).toBe('pt-BR');
  await ada.requestOtp();
  await ada.code(2);
  expect(ada.mails().at(-1)).toContain('Digite este c');
  for (const locale of ['', 'en,de', 'de;q=1', 'x', 'de_DE', 'd\u00e9', 'a'.repeat(400)]) {
    const answer = await ada.updateProfile(token, { locale });
    expect(answer.errors[0]?.extensions.fields, locale).toEqual({
      locale: ['Enter a language tag such as en or pt-BR.'],
    });
  }
  expect(await set(null)).toBeNull();
  expect((await ada.me(token)).data?.me.locale).toBeNull();
});

it('changes no role, address or id, whatever is sent', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }';
  for (const field of ['role', 'email', 'id', 'emailVerified']) {
    const answer = await app.graphql(query, { input: { [field]: 'ADMIN' } }, { token });
    expect(answer.code).toBe('BAD_USER_INPUT');
  }
  expect((await ada.me(token)).data?.me.role).toBe('USER');
});

it('records the names of changed fields, without their values', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signIn();
  await ada.updateProfile(token, { lastName: 'Lovelace' });
  const event = await app.eventually(async () =>
    (await ada.events()).find((each) => each.event === 'PROFILE_UPDATED'),
  );
  expect(event.metadata).toEqual({ fields: ['lastName'] });
});
