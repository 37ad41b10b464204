import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { Routes } from '../http/hono-routes.ts';
import { createAsset, readBrowserFile } from './assets.ts';
import { pagesOf, type Shown } from './page-links.ts';

export type Html = ReturnType<typeof html>;

export interface Page {
  readonly title: string;
  /** Content below the header. Its scripts and styles need the nonce to run. */
  readonly content: (nonce: string) => Html;
  /** Further elements of the head. */
  readonly head?: (nonce: string) => Html;
  /** Additional directives of the Content-Security-Policy. */
  readonly policy?: (nonce: string) => Readonly<Record<string, string>>;
}

const style = createAsset('pages.css', readBrowserFile('pages.css'));

/** Serves the style of all pages. */
export const addStyle = (routes: Routes): void =>
  void routes.get(style.path, (c) => style.respond(c));

const gate =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
  '<rect width="32" height="32" rx="8" fill="#4f46e5"/>' +
  '<path d="M8 25V15a8 8 0 0 1 16 0v10M13 25V15a3 3 0 0 1 6 0v10" fill="none" ' +
  'stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>';
const icon = `data:image/svg+xml,${encodeURIComponent(gate)}`;
const logo = html`${raw(gate.replace('<svg', '<svg aria-hidden="true"'))} Gatehouse`;

const closed = {
  'default-src': "'none'",
  'img-src': 'data:',
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Serves a page on this path. */
export const addPage = (routes: Routes, path: string, page: Page, shown: Shown): void =>
  void routes.get(path, (c) => showPage(c, page, shown));

/**
 * Responds with a page below the common header. It loads nothing from other hosts, and no other page
 * can frame it.
 */
export function showPage(
  c: Context,
  { title, policy, head, content }: Page,
  shown: Shown,
): Response | Promise<Response> {
  const nonce = randomBytes(16).toString('base64');
  const directives = { ...closed, 'style-src': `'nonce-${nonce}'`, ...policy?.(nonce) };
  const list = Object.entries(directives).map(([name, sources]) => `${name} ${sources}`);
  c.header('content-security-policy', list.join('; '));
  return c.html(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${style.path}" nonce="${nonce}">
${head?.(nonce) ?? ''}
</head>
<body>
${header(c.req.path, shown)}
${content(nonce)}
</body>
</html>
`);
}

function header(path: string, shown: Shown): Html {
  const links = Object.values(pagesOf(shown)).flat();
  const isCurrent = (href: string) => path.replace(/\/$/, '') === href.replace(/\/$/, '');
  const current = (href: string) => isCurrent(href) && raw(' aria-current="page"');
  const brand = shown.apiDocs
    ? html`<a class="brand" href="/"${current('/')}>${logo}</a>`
    : html`<span class="brand">${logo}</span>`;
  return html`<header>
${brand}
<nav aria-label="Pages">
${links.map(([href, name]) => html`<a href="${href}"${current(href)}>${name}</a>`)}
</nav>
</header>`;
}
