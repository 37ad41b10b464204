import { expect, it } from 'vitest';
import { mailKinds } from '#src/mail/mail-kinds.ts';
import { createMailRenderer } from '#src/mail/mail-renderer.ts';
import { loadMailTemplates } from '#src/mail/mail-templates.ts';
import { contrastOf } from '#src/mail/readable-colour.ts';
import { sampleOf } from '#src/mail/sample-mails.ts';
import { shippedLanguages, textsOf } from '#src/mail/shipped-texts.ts';

const brand = {
  appName: 'Acme & <Söhne>',
  publicUrl: 'https://auth.example.com',
  mailLogoUrl: undefined,
  mailAccent: '#4f46e5',
  otpTtl: 300,
};
const render = createMailRenderer(brand, loadMailTemplates(undefined).templates);
const mails = shippedLanguages.flatMap((lang) =>
  mailKinds.map((kind) => {
    const order = { ...sampleOf(kind, brand), languages: [lang] };
    const mail = render(order);
    if (!mail) throw new Error(`no mail: ${kind}`);
    return { name: `${kind} ${lang}`, kind, order, ...mail };
  }),
);

/** Returns the lines that a person reads in HTML, links after their names. */
function linesOf(html: string): string[] {
  const body = html.replace(/^.*?<\/head>/s, '').replace(/<div class="preheader".*?<\/div>/s, '');
  return textLines(
    body
      .replace(/<td class="brand".*?<\/td>/s, '')
      .replaceAll(/<!--.*?-->/gs, '')
      .replaceAll(/<a href="([^"]+)"[^>]*>(.*?)<\/a>/gs, '$2:<br>$1')
      .replaceAll(/<td class="quiet"[^>]*>([^<]*)<\/td><td/g, '<td>$1: <td')
      .replaceAll(/<(br|\/p|\/h1|\/tr|\/td class)[^>]*>/g, '\n')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&nbsp;', ' ')
      .replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity) => characters[entity] ?? entity),
  );
}
const characters: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const textLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '');

it('says the same as text and as HTML, in every language', () => {
  expect(mails.length).toBeGreaterThanOrEqual(85);
  for (const { name, text, html } of mails) expect(linesOf(html), name).toEqual(textLines(text));
});

it('has the same texts in every language, and every text of a mail', () => {
  const shapeOf = (value: unknown): unknown =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value)
          .sort(([one], [other]) => one.localeCompare(other))
          .map(([key, inner]) => [key, shapeOf(inner)])
      : Array.isArray(value)
        ? value.map((text) => typeof text)
        : typeof value;
  for (const lang of shippedLanguages) {
    expect(shapeOf(textsOf(lang)), lang).toEqual(shapeOf(textsOf('en')));
  }
  expect(Object.keys(textsOf('en')?.mails ?? {}).sort()).toEqual([...mailKinds].sort());
});

it('names the application in every subject, and replaces every variable', () => {
  for (const { name, subject, text, html } of mails) {
    expect(subject, name).toContain(brand.appName);
    expect(subject.length, name).toBeLessThan(100);
    expect(subject + text + html, name).not.toMatch(/{{|}}|undefined|\[object/);
    expect(html, name).toContain('Acme &amp; &lt;Söhne&gt;');
    expect(html, name).not.toContain('<Söhne>');
  }
});

it('is written in five languages, and not in English elsewhere', () => {
  for (const { name, kind, lang, subject, text } of mails) {
    if (lang === 'en') continue;
    const english = mails.find((mail) => mail.kind === kind && mail.lang === 'en');
    expect(subject, name).not.toBe(english?.subject);
    const shared = textLines(text).filter((line) => english?.text.includes(line));
    // Code, link and the line with the domain.
    for (const line of shared) expect(line, name).toMatch(/^\d{6}$|^https:|^@auth/);
  }
});

it('ends each mail with a code by the line that binds it to the domain', () => {
  const withCode = mails.filter(({ order }) => 'code' in order);
  expect(withCode.length).toBe(20);
  for (const { name, text, subject } of withCode) {
    expect(text, name).toMatch(/\n\n@auth\.example\.com #123456\n$/);
    expect(text, name).toMatch(/^ {4}123456$/m);
    expect(subject, name).toMatch(/: 123456$/);
  }
});

it('fits into a mail that Gmail shows whole, and loads nothing', () => {
  for (const { name, html } of mails) {
    expect(Buffer.byteLength(html), name).toBeLessThan(102_000);
    expect(html, name).not.toMatch(/<(img|script|link|iframe)|url\(|@import|@font-face/);
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);
    for (const url of links) expect(url, name).toMatch(/^https:\/\/auth\.example\.com\//);
  }
});

it('sets colour and background on the same elements, and declares its colour scheme', () => {
  for (const { name, html } of mails) {
    const styles = [...html.matchAll(/style="([^"]*)"/g)].map(([, style = '']) => style);
    const coloured = styles.filter((style) => /(^|;)(background-)?color:/.test(style));
    expect(coloured.length, name).toBeGreaterThan(2);
    const rules = html.match(/^\s+\.\S.* {.*color: .+}$/gm) ?? [];
    expect(rules.length, name).toBeGreaterThan(4);
    for (const style of [...coloured, ...rules.filter((rule) => !rule.includes('.rule'))]) {
      expect(style, name).toMatch(/(^|[; ])color:/);
      expect(style, name).toMatch(/(^|[; ])background-color:/);
      const [ink = '', ground = ''] = ['color', 'background-color'].map(
        (property) => new RegExp(`(?:^|[; ])${property}: ?(#\\w{6})`).exec(style)?.[1] ?? '',
      );
      expect(contrastOf(ink, ground), `${name}: ${style}`).toBeGreaterThanOrEqual(4.5);
    }
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  }
});
