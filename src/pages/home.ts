import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import { hasDemo } from './demo.ts';
import type { Html, Page } from './layout.ts';

/** Settings that decide which pages exist. */
export type Shown = Pick<Config, 'apiDocs' | 'console' | 'graphiql' | 'environment'>;

/** A link with a description in one sentence. */
type Link = readonly [href: string, name: string, about: string, exists?: boolean];

const existing = (links: readonly Link[]) => links.filter(([, , , exists = true]) => exists);

/** Returns the pages that exist, by section. The header of each page links to them. */
export function pagesOf({ apiDocs, console, graphiql, environment }: Shown) {
  const isDevelopment = environment === 'development';
  const graphiqlText = 'Run queries and mutations. Tabs with examples lead you through a sign-in.';
  const consoleText = 'For administrators: users, audit log, API keys.';
  const demoText = 'A small frontend: register, sign in, renew tokens.';
  return {
    Explore: existing([
      ['/graphql', 'GraphiQL', graphiqlText, graphiql],
      ['/api/docs/', 'Swagger UI', 'Try each REST route. Paste an access token once.', apiDocs],
      ['/api/redoc/', 'ReDoc', 'Reference of the REST routes and their responses.', apiDocs],
      ['/problems', 'Problems', 'Every error of the API, with its cause and solution.'],
    ]),
    Development: existing([
      ['/inbox', 'Inbox', 'The newest mails, each with its code.', isDevelopment],
      ['/demo', 'Demo', demoText, isDevelopment && hasDemo],
      ['/console', 'Console', consoleText, isDevelopment && console],
    ]),
  };
}

const documents: readonly Link[] = [
  ['/schema.graphql', 'GraphQL schema', 'Every operation and type, for code generators.'],
  ['/openapi.json', 'OpenAPI, JSON', 'The REST routes, for code generators.'],
  ['/openapi.yaml', 'OpenAPI, YAML', 'The REST routes, as YAML.'],
  ['/.well-known/jwks.json', 'JWKS', 'The public keys that verify access tokens (JWKS).'],
  ['/readyz', 'Readiness', 'Whether PostgreSQL and Redis are available.'],
];

/** Creates the home page: a description of Gatehouse and links to all pages. */
export const homePage = (shown: Shown): Page => ({
  title: 'Gatehouse',
  content: () => html`<main>
<h1>Gatehouse</h1>
<p class="lead">The authentication service for your applications: passwords with one-time codes,
sign-in without a password, signed tokens, sessions and an audit log, over GraphQL and REST.</p>
${Object.entries({ ...pagesOf(shown), 'Machine-readable': documents }).map(section)}
</main>`,
});

function section([title, links]: readonly [string, readonly Link[]]): Html | '' {
  if (links.length === 0) return '';
  return html`<section>
<h2>${title}</h2>
<ul class="cards">
${links.map(([href, name, about]) => html`<li><a href="${href}">${name}</a><p>${about}</p></li>`)}
</ul>
</section>`;
}
