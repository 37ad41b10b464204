import { html } from 'hono/html';
import type { Page } from './layout.ts';
import type { Shown } from './page-links.ts';

/** Creates the page that browsers get for an unknown path. */
export function notFoundPage({ apiDocs }: Shown): Page {
  const [href, name] = apiDocs ? ['/', 'the home page'] : ['/problems', 'the problem types'];
  return {
    title: 'Not found · Gatehouse',
    content: () => html`<main>
<h1>Not found</h1>
<p class="lead">This page does not exist.</p>
<p>Check the address, or go to <a href="${href}">${name}</a>.</p>
</main>`,
  };
}
