import { expect, it } from 'vitest';
import { preferredLanguages } from '#src/outbox/preferred-languages.ts';
import { RequestOtpDocument, VerifyOtpDocument } from '../client/generated/graphql.ts';
import { newAddress, useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';

const app = useApp({ APP_NAME: 'Acme' });

/** A person whose browser has these languages. */
class Speaker extends Person {
  speaks = '';

  async ask(): Promise<string> {
    const options = { from: this.from, headers: { 'accept-language': this.speaks } };
    const before = this.codes().length;
    await app.run(RequestOtpDocument, { input: { email: this.email } }, options);
    await this.code(before + 1);
    return this.newest();
  }

  async enter(): Promise<string> {
    await this.ask();
    const input = { email: this.email, otp: this.codes().at(-1) ?? '' };
    const headers = { 'accept-language': this.speaks };
    const { data } = await app.run(VerifyOtpDocument, { input }, { from: this.from, headers });
    return data?.verifyOtp.accessToken ?? '';
  }

  /** Returns the newest mail as a person reads it. */
  newest(): string {
    const mail = this.mails().at(-1) ?? '';
    const bytes = mail.replaceAll(/=([0-9A-F]{2})/g, (_match, hex) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString();
  }
}
const speaker = (speaks: string, email = newAddress()) =>
  Object.assign(new Speaker(app, email), { speaks });

it.each([
  ['de-CH, en;q=0.8', 'Geben Sie diesen Code ein'],
  ['it, fr;q=0.3, es;q=0.7', 'Introduce este código'],
  ['pt-BR', 'Digite este código'],
  ['fr;q=0, *', 'Enter this code'],
  ['', 'Enter this code'],
  ["x'; drop table, ../../etc, de;q=9", 'Enter this code'],
])(
  'writes to a request with Accept-Language "%s" in the first language it knows',
  async (speaks, says) => {
    expect(await speaker(speaks).ask()).toContain(says);
  },
);

it('falls back to the language of the first sign-in, also for notices, and keeps it', async () => {
  const ada = speaker('de-AT');
  await ada.enter();
  ada.speaks = 'fr';
  const token = await ada.enter();
  ada.speaks = '';
  expect(await ada.ask()).toContain('Geben Sie diesen Code ein');
  ada.speaks = 'es';
  expect(await ada.ask()).toContain('Introduce este código');

  const before = ada.mails().length;
  await new Person(app, ada.email).register(PASSWORD);
  await app.eventually(() => ada.mails().length > before);
  expect(ada.newest()).toContain('Sie haben schon ein Konto');
  expect(ada.newest()).toContain('Acme hat diese E-Mail an');
  expect(token).not.toBe('');
});

it('answers alike whatever the language and whether there is an account', async () => {
  const ada = speaker('de');
  await ada.enter();
  const answers = await Promise.all(
    [ada.email, newAddress()].map(async (email) => {
      const options = { headers: { 'accept-language': 'de' } };
      const answer = await app.run(RequestOtpDocument, { input: { email } }, options);
      const { challengeId = '', ...rest } = answer.data?.requestOtp ?? {};
      return [answer.status, rest, challengeId.length];
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  const sizes = await app.sql<{ size: number }>(
    "select distinct length(payload) as size from outbox_entries where kind = 'mail'",
  );
  expect(sizes).toHaveLength(1);
});

it('reads at most five languages, whatever the header', () => {
  const many = Array.from({ length: 200 }, (_, index) => `de-${1000 + index}`).join();
  expect(preferredLanguages(many)).toHaveLength(5);
  expect(preferredLanguages('a'.repeat(10_000))).toEqual([]);
  expect(preferredLanguages('EN-gb , de_DE, zh-hant-tw;q=0.9;x, pt;q=1.0')).toEqual([
    'en-GB',
    'pt',
  ]);
});
