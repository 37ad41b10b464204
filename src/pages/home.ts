import { html } from 'hono/html';
import type { Page } from './layout.ts';
import { type Section, type Shown, sectionsOf } from './links.ts';

/** The first page: what this is, and where everything is. */
export function homePage(shown: Shown): Page {
  return {
    title: 'Gatehouse',
    content: () => html`<main>
<h1>Gatehouse</h1>
<p class="lead">The authentication service of your applications: passwords with one-time codes,
codes without a password, signed tokens, sessions and an audit log, over GraphQL and REST.</p>
${sectionsOf(shown).map(section)}
</main>`,
  };
}

const section = ({ title, links }: Section) => html`<section>
<h2>${title}</h2>
<ul class="cards">
${links.map(({ href, name, about }) => html`<li><a href="${href}">${name}</a><p>${about}</p></li>`)}
</ul>
</section>`;
