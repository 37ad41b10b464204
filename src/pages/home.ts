import { html } from 'hono/html';
import type { Page } from './layout.ts';
import { type Section, type Shown, sectionsOf } from './links.ts';

/** Creates the first page: what Gatehouse is, with links to everything. */
export const homePage = (shown: Shown): Page => ({
  title: 'Gatehouse',
  content: () => html`<main>
<h1>Gatehouse</h1>
<p class="lead">The authentication service for your applications: passwords with one-time codes,
sign-in without a password, signed tokens, sessions and an audit log, over GraphQL and REST.</p>
${sectionsOf(shown).map(section)}
</main>`,
});

const section = ({ title, links }: Section) => html`<section>
<h2>${title}</h2>
<ul class="cards">
${links.map(({ href, name, about }) => html`<li><a href="${href}">${name}</a><p>${about}</p></li>`)}
</ul>
</section>`;
