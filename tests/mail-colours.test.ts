import { expect, it } from 'vitest';
import { renderMail } from '#src/mail/render.ts';

it('sets colour and background on the same elements, and declares its colour scheme', async () => {
  const asked = { at: new Date(), ip: '192.0.2.1', userAgent: 'Firefox' };
  const mail = await renderMail({ about: 'PASSWORD_CHANGED', to: 'ada@example.com', asked });
  const styles = [...(mail?.html ?? '').matchAll(/style="([^"]*)"/g)].map(
    ([, style = '']) => style,
  );
  const coloured = styles.filter((style) => /(^|;)(color|background):/.test(style));
  expect(coloured.length).toBeGreaterThan(2);
  for (const style of coloured) {
    expect(style).toMatch(/(^|;)color:/);
    expect(style).toMatch(/(^|;)background:/);
  }
  expect(mail?.html).toContain('<meta name="color-scheme" content="light dark">');
  const [, dark = ''] =
    /prefers-color-scheme: dark\) \{(.+?)<\/style>/s.exec(mail?.html ?? '') ?? [];
  const rules = dark.match(/^\s+\S+ \{.+\}$/gm) ?? [];
  expect(rules.length).toBeGreaterThan(2);
  for (const rule of rules) expect(rule).toMatch(/background: .+ !important; color: .+ !important/);
});
