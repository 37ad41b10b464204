import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, it } from 'vitest';
import { sendWhole, textOf } from '#src/adapters/whole-message.ts';
import { mailKinds } from '#src/mail/mail-kinds.ts';
import { createMailRenderer } from '#src/mail/mail-renderer.ts';
import { loadMailTemplates } from '#src/mail/mail-templates.ts';
import { sampleOf } from '#src/mail/sample-mails.ts';
import { shippedLanguages } from '#src/mail/shipped-texts.ts';

const brand = {
  appName: 'Müller & Söhne',
  publicUrl: 'https://auth.example.com',
  mailLogoUrl: undefined,
  mailAccent: '#4f46e5',
  otpTtl: 300,
};
const render = createMailRenderer(brand, loadMailTemplates(undefined).templates);

interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const messageOf = (content: Content) =>
  new MailComposer({
    messageId: '<1@example.com>',
    from: { name: 'Müller & Söhne', address: 'no-reply@example.com' },
    to: { name: '', address: 'ada@example.com' },
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...content,
  }).compile();

/** Builds a message by the streams of nodemailer, and at once. */
async function bothWays(content: Content) {
  const message = messageOf(content);
  const streamed = (await message.build()).toString();
  const chunks: Buffer[] = [];
  sendWhole(message);
  for await (const chunk of message.createReadStream()) chunks.push(chunk);
  return { streamed, whole: textOf(message), chunks: chunks.map(String) };
}

it.each(shippedLanguages)('builds every mail as nodemailer does: %s', async (lang) => {
  for (const kind of mailKinds) {
    const mail = render({ ...sampleOf(kind, brand), languages: [lang] });
    if (!mail) throw new Error(`no mail: ${kind}`);
    const { streamed, whole, chunks } = await bothWays(mail);
    expect(whole, kind).toBe(streamed);
    expect(chunks, kind).toEqual([streamed.replaceAll(/\r?\n/g, '\r\n')]);
  }
});

const long = 'word and another one, '.repeat(20).trimEnd();

it.each([
  ['short and plain', 'code\n', '<p>code</p>\n'],
  ['without a last newline', '123456', '<p>123456</p>'],
  ['with long lines', long, `<p>${long}</p>`],
  ['without spaces', 'x'.repeat(500), '='.repeat(500)],
  ['of other letters, which become base64', 'код подтверждения\n'.repeat(9), 'код 123456'],
  ['with spaces at the ends of lines', 'a \nb\t\n \n', `${long}ü \n\t\n`],
  ['with dots and carriage returns', '.\n..\r\n.\r.', `.\r\n${long}\r\n.\n`],
  ['with emoji', '🔐'.repeat(5), `${'a'.repeat(70)}🔐 ${'é'.repeat(60)}`],
  ['without HTML', `${long}\n`, ''],
  ['without text', '', `${long}\n`],
  ['without both', '', ''],
])('builds texts as nodemailer does: %s', async (_name, text, html) => {
  const { streamed, whole } = await bothWays({ subject: 'Ihr Code: 123456', text, html });
  expect(whole).toBe(streamed);
});
