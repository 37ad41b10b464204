import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createMailRenderer } from '#src/mail/mail-renderer.ts';
import { loadMailTemplates } from '#src/mail/mail-templates.ts';
import { sampleOf } from '#src/mail/sample-mails.ts';
import { openRenderer } from '#worker/open-renderer.ts';

const brand = {
  appName: 'Acme',
  publicUrl: 'https://auth.example.com',
  mailLogoUrl: 'https://app.example.com/a.png?b="c"&d',
  mailAccent: '#ffdd00',
  otpTtl: 300,
};

/** Creates a folder of templates. */
function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mails-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

function mailOf(
  files: Readonly<Record<string, string>>,
  languages: string[] = [],
  kind: Parameters<typeof sampleOf>[0] = 'SIGN_IN_CODE',
) {
  const { templates, problems } = loadMailTemplates(folderWith(files));
  expect(problems).toEqual([]);
  return createMailRenderer(brand, templates)({ ...sampleOf(kind, brand), languages });
}

it('replaces single parts in every language, and those of a language before them', () => {
  const files = {
    'sign-in-code.subject': '{{app}}: {{code}}\n',
    'de/sign-in-code.txt': 'Hier ist er: {{code}}. {{device}}, {{expiresIn}}\n',
    'README.md': 'ignored',
    '..data/sign-in-code.txt': 'ignored, like the folders of a ConfigMap',
  };
  expect(mailOf(files, ['de-CH'])).toMatchObject({
    subject: 'Acme: 123456',
    text: 'Hier ist er: 123456. Firefox unter macOS, 5 Minuten\n\n@auth.example.com #123456\n',
    html: expect.stringContaining('Geben Sie diesen Code ein'),
  });
  expect(mailOf(files, ['fr'])).toMatchObject({
    subject: 'Acme: 123456',
    text: expect.stringContaining('Saisissez ce code'),
  });
});

it('adds a language, for the mails that it has', () => {
  const files = {
    'it/sign-in-code.subject': 'Il tuo codice: {{code}}',
    'it/sign-in-code.txt': '{{code}} vale {{expiresIn}}',
    'it/sign-in-code.html': '<p>{{code}} vale {{expiresIn}} ({{when}})</p>',
  };
  expect(mailOf(files, ['it-CH', 'de'])).toMatchObject({
    lang: 'it',
    html: '<p>123456 vale 5 minuti (28 novembre 2026 alle ore 09:41 UTC)</p>',
  });
  expect(mailOf(files, ['it', 'de'], 'PASSWORD_CHANGED')?.lang).toBe('de');
});

it('replaces the layout of all mails, with the logo and a readable colour', () => {
  const layout =
    '<html lang="{{lang}}"><img src="{{logo}}"><i style="background:{{accent}};color:{{onAccent}}">{{subject}}</i>{{content}}';
  const { html = '' } = mailOf({ 'layout.html': layout }, ['es']) ?? {};
  expect(html).toContain(
    '<html lang="es"><img src="https://app.example.com/a.png?b=&quot;c&quot;&amp;d">',
  );
  expect(html).toContain('background:#ffdd00;color:#18181b">Tu código de Acme: 123456</i>');
  expect(html).toContain('Introduce este código');
});

it('escapes values in HTML, and not in text', () => {
  const files = {
    'sign-in-code.html': '<p title="{{email}}">{{code}}</p>',
    'sign-in-code.txt': '{{email}} {{code}}',
  };
  const { templates } = loadMailTemplates(folderWith(files));
  const order = { ...sampleOf('SIGN_IN_CODE', brand), to: `"<b>'&` };
  const mail = createMailRenderer(brand, templates)(order);
  expect(mail?.html).toBe('<p title="&quot;&lt;b&gt;&#39;&amp;">123456</p>');
  expect(mail?.text).toMatch(/^"<b>'& 123456/);
});

it('lets no value add a header, a tag or a variable to a shipped mail', () => {
  const { templates } = loadMailTemplates(undefined);
  const hostile = { ...brand, appName: `A <b>"'& {{email}}` };
  for (const kind of ['SIGN_IN_CODE', 'EMAIL_CHANGED'] as const) {
    const sample = sampleOf(kind, brand);
    const userAgent = 'Firefox/1 Linux\r\nBcc: eve@example.com\r\n\r\n<script>';
    const order = { ...sample, to: '<i>@example.com', asked: { ...sample.asked, userAgent } };
    const {
      html = '',
      text = '',
      subject = '',
    } = createMailRenderer(hostile, templates)(order) ?? {};
    expect(html).toContain('A &lt;b&gt;&quot;&#39;&amp; {{email}}');
    expect(html).toContain('&lt;i&gt;@example.com');
    expect(html).not.toMatch(/<(b|i|script)>/);
    expect(subject).toContain(`A <b>"'& {{email}}`);
    expect(html + text + subject).not.toContain('eve@example.com');
    expect(subject).not.toMatch(/[\r\n]/);
  }
});

const big = 'a'.repeat(90_001);
it.each<[string, Record<string, string | Buffer>, RegExp]>([
  [
    'an unknown variable',
    { 'sign-in-code.txt': 'a\nb {{coed}}' },
    /sign-in-code\.txt, line 2: unknown variable {{coed}}\. Use one of app, /,
  ],
  [
    'a variable of other mails',
    { 'password-changed.txt': '{{code}}' },
    /line 1: unknown variable {{code}}/,
  ],
  [
    'no code',
    { 'de/sign-in-code.html': 'Hallo' },
    /de\/sign-in-code\.html, line 1: .+ useless without {{code}}\. Add it/,
  ],
  [
    'a code that only some mails show',
    { 'reset-code.txt': '{{#logo}}{{code}}{{/logo}}' },
    /useless without {{code}}/,
  ],
  ['no undo link', { 'email-changed.html': '{{newEmail}}' }, /useless without {{undoUrl}}/],
  [
    'a tag that is not closed',
    { 'reset-code.txt': 'a\n{{code' },
    /line 2: a tag is not closed\. Write {{name}}/,
  ],
  [
    'a tag that is closed too late',
    { 'reset-code.txt': '{{code <b>\n{{app}}' },
    /line 1: a tag is not closed/,
  ],
  [
    'a section that is not closed',
    { 'reset-code.txt': '{{code}}\n{{#logo}}' },
    /line 2: {{#logo}} is not closed\. Add {{\/logo}}/,
  ],
  [
    'a section that is closed twice',
    { 'reset-code.txt': '{{code}}\n\n{{/logo}}' },
    /line 3: {{\/logo}} closes nothing\. Remove/,
  ],
  [
    'a value that is not escaped',
    { 'reset-code.html': '{{{code}}}' },
    /line 1: {{{code}}} would not be escaped\. Write {{code}}/,
  ],
  [
    'other delimiters',
    { 'reset-code.html': '{{=<% %>=}}<%code%>' },
    /is not supported\. Remove it/,
  ],
  ['a partial', { 'reset-code.html': '{{code}}{{> header}}' }, /is not supported/],
  [
    'a property of JavaScript',
    { 'reset-code.html': '{{code}}{{constructor}}' },
    /unknown variable {{constructor}}/,
  ],
  [
    'bytes that are not UTF-8',
    { 'reset-code.txt': Buffer.from('{{code}}\n\xFCber', 'latin1') },
    /reset-code\.txt: line 2 is not UTF-8\. Save/,
  ],
  [
    'a control character',
    { 'reset-code.txt': 'a\n\n{{code}}\0' },
    /line 3 has a control character\. Remove/,
  ],
  [
    'a file that is too large',
    { 'reset-code.html': big },
    /reset-code\.html: 90001 bytes\. Shorten it to 90000/,
  ],
  ['a subject of two lines', { 'reset-code.subject': 'a\nb' }, /line 1: a subject is one line/],
  [
    'a mistyped name',
    { 'signin-code.txt': '{{code}}' },
    /signin-code\.txt: no mail has this template\. Rename it/,
  ],
  [
    'a language with an underscore',
    { 'pt_BR/reset-code.txt': '{{code}}' },
    /pt_BR: not a language tag .+ Rename it to pt-BR/,
  ],
  ['a folder that is no language', { 'partials/a.txt': '' }, /partials: not a language tag/],
  [
    'a mail that is written in part',
    { 'it/reset-code.txt': '{{code}}' },
    /it\/reset-code\.subject: missing\. Add it\.\n.+it\/reset-code\.html: missing/,
  ],
  ['a layout without content', { 'layout.html': '<html>' }, /layout\.html, line 1: .+ {{content}}/],
])('does not start the worker with %s', (_what, files, says) => {
  const mailTemplates = folderWith(files);
  const start = () => openRenderer({ ...brand, mailTemplates });
  expect(start).toThrow(says);
  expect(start).toThrow(/^MAIL_TEMPLATES: /);
});

it('names a folder that does not exist', () => {
  const start = () => openRenderer({ ...brand, mailTemplates: '/nowhere' });
  expect(start).toThrow('MAIL_TEMPLATES: /nowhere: cannot read it (ENOENT).');
});
