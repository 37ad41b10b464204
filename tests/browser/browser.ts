import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import type { TestApp } from '../support/app.ts';

const { CHROMIUM, PATH = '', REQUIRE_BROWSER, SCREENSHOTS } = process.env;

const executable = CHROMIUM || findChromium();
const missing = 'there is no Chromium on the PATH, and CHROMIUM names none';
if (!executable) {
  if (REQUIRE_BROWSER) throw new Error(missing);
  process.stderr.write(`The tests in a browser are skipped: ${missing}.\n`);
}

/** For tests that load megabytes of script, or walk a long way: on a busy machine they take long. */
export const slow = { timeout: 60_000 };

function findChromium(): string | undefined {
  const paths = PATH.split(delimiter).flatMap((directory) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(directory, name)),
  );
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A person at a browser, for the tests of one file. Where there is none, they are skipped. */
class Visitor {
  readonly #app: TestApp;
  #browser: Browser | undefined;

  constructor(app: TestApp) {
    this.#app = app;
  }

  async start(): Promise<void> {
    this.#browser = await chromium.launch({
      ...(executable && { executablePath: executable }),
      // Nothing leaves this machine, whatever a page asks for.
      args: [
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
      ],
    });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
  }

  /**
   * Opens a page with nothing kept from before. The test fails if this page, or another that it
   * opens, reports an error or asks another host for anything.
   */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (!this.#browser) throw new Error('the browser has not started');
    const context = await this.#browser.newContext({
      baseURL: this.#app.url,
      locale: 'en-GB',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const complaints = complaintsOf(context, new URL(options.baseURL ?? this.#app.url).origin);
    onTestFinished(async () => {
      await context.close();
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    });
    context.setDefaultTimeout(15_000);
    context.setDefaultNavigationTimeout(30_000);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** Opens tabs that share their storage. Their requests may fail. */
  async openTabs(url: string, count: number, initScript = ''): Promise<Page[]> {
    if (!this.#browser) throw new Error('the browser has not started');
    const context = await this.#browser.newContext();
    onTestFinished(() => context.close());
    await context.addInitScript(initScript);
    const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto(url)));
    return tabs;
  }
}

function complaintsOf(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => {
    const url = new URL(request.url());
    const inside =
      url.origin === origin || ['data:', 'blob:', 'about:', 'file:'].includes(url.protocol);
    if (!inside) complaints.push(`asked ${url.origin}`);
  });
  return complaints;
}

/** A browser for the tests of one file. */
export function useBrowser(app: TestApp): Visitor {
  const visitor = new Visitor(app);
  beforeAll(async () => {
    if (executable) await visitor.start();
  });
  beforeEach(({ skip }) => {
    skip(!executable, missing);
  });
  afterAll(() => visitor.stop());
  return visitor;
}

/** With `SCREENSHOTS=DIRECTORY`, keeps what the page shows, from its top or from `start`. */
export async function photograph(page: Page, name: string, start?: Locator): Promise<void> {
  if (!SCREENSHOTS) return;
  await (start ?? page.locator('body')).evaluate((element) => element.scrollIntoView());
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Returns the accessibility findings of axe-core in both themes: the grave ones, or all. */
export async function barriers(page: Page, impacts?: 'all'): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await barriersNow(page, impacts)));
  }
  return found;
}

/**
 * Returns the findings in the present theme. Grave are those of impact serious or critical.
 *
 * @param part selector of the part of the page to look at
 */
export async function barriersNow(page: Page, impacts?: 'all', part = ':root'): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.evaluate(settle);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(part)})`);
  const grave = violations.filter(
    ({ impact }) => impacts === 'all' || impact === 'serious' || impact === 'critical',
  );
  return grave.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Waits until a page has applied what changed, transitions included. */
async function settle(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
}
