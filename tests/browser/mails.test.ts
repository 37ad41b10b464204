import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileNameOf, mailKinds } from '#src/mail/mail-kinds.ts';
import { shippedLanguages } from '#src/mail/shipped-texts.ts';
import { useApp } from '../support/app.ts';
import { gatehouse } from '../support/command.ts';
import { photograph, slow, useBrowser } from './browser.ts';

const visitor = useBrowser(useApp());
const folder = mkdtempSync(join(tmpdir(), 'previews-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const variables = { APP_NAME: 'Acme', PUBLIC_URL: 'https://auth.example.com' };
  await gatehouse(['mail', 'preview', '--no-open', '--out', folder], { variables });
});

/** Texts with a contrast below 4.5 (WCAG 2.2 1.4.3), and the width of what sticks out sideways. */
interface Findings {
  readonly faint: readonly string[];
  readonly excess: number;
}

const inspect = (page: Page): Promise<Findings> =>
  page.evaluate(() => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = channels(colour).map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const groundOf = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)';
      const colour = getComputedStyle(element).backgroundColor;
      return channels(colour)[3] === 0 ? groundOf(element.parentElement) : colour;
    };
    const faint = [...document.body.querySelectorAll('*')].flatMap((element) => {
      const text = [...element.childNodes]
        .map((node) => (node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '').trim() : ''))
        .join('');
      if (text === '' || element.getClientRects().length === 0) return [];
      const colours = [getComputedStyle(element).color, groundOf(element)].map(luminance);
      const ratio = (Math.max(...colours) + 0.05) / (Math.min(...colours) + 0.05);
      return ratio < 4.5 ? [`${text}: ${ratio.toFixed(1)}`] : [];
    });
    const { scrollWidth, clientWidth } = document.documentElement;
    return { faint, excess: scrollWidth - clientWidth };
  });

it.each(shippedLanguages)('shows every mail on a phone, light and dark: %s', slow, async (lang) => {
  const page = await visitor.open('/healthz');
  await page.setViewportSize({ width: 375, height: 700 });
  const grounds = new Set<string>();
  for (const kind of mailKinds) {
    for (const scheme of ['light', 'dark']) {
      const name = `${fileNameOf(kind)}.${scheme}`;
      await page.goto(`file://${folder}/${lang}/${name}.html`);
      expect([name, await inspect(page)]).toEqual([name, { faint: [], excess: 0 }]);
      await photograph(page, `${lang}-${name}`);
      grounds.add(
        `${scheme} ${await page.locator('.card').evaluate((card) => getComputedStyle(card).backgroundColor)}`,
      );
    }
  }
  // The dark mode is another one, and the same in all mails.
  expect([...grounds].sort()).toEqual(['dark rgb(31, 31, 35)', 'light rgb(255, 255, 255)']);
});
