import type { Config } from '../config/load-config.ts';
import { hasDemo } from './demo.ts';

/** Settings that decide which pages exist. */
export type Shown = Pick<Config, 'apiDocs' | 'graphiql' | 'environment'>;

export interface Link {
  readonly href: string;
  readonly name: string;
  /** Description in one sentence. */
  readonly about: string;
}

export interface Section {
  readonly title: string;
  readonly links: readonly Link[];
}

/** A link, and whether its page exists. */
type Row = readonly [href: string, name: string, about: string, exists?: boolean];

const linksOf = (rows: readonly Row[]): readonly Link[] =>
  rows
    .filter(([, , , exists = true]) => exists)
    .map(([href, name, about]) => ({ href, name, about }));

/** Returns the pages that explain the API. The header of each page links to them. */
export const guidesOf = ({ apiDocs, graphiql }: Shown): readonly Link[] =>
  linksOf([
    [
      '/graphql',
      'GraphiQL',
      'Run queries and mutations. Tabs with examples lead you through a sign-in.',
      graphiql,
    ],
    ['/api/docs/', 'Swagger UI', 'Try each REST route. Paste an access token once.', apiDocs],
    ['/api/redoc/', 'ReDoc', 'Reference of the REST routes and their responses.', apiDocs],
    ['/problems', 'Problems', 'Every error of the API, with its cause and solution.'],
  ]);

/** Returns the pages that exist in development only. */
export const developmentPagesOf = ({ environment }: Shown): readonly Link[] => {
  const isShown = environment === 'development';
  return linksOf([
    ['/inbox', 'Inbox', 'The newest mails, each with its code.', isShown],
    ['/demo', 'Demo', 'A small frontend: register, sign in, renew tokens.', isShown && hasDemo],
  ]);
};

const documents = linksOf([
  ['/schema.graphql', 'GraphQL schema', 'Every operation and type, for code generators.'],
  ['/openapi.json', 'OpenAPI, JSON', 'The REST routes, for code generators.'],
  ['/openapi.yaml', 'OpenAPI, YAML', 'The REST routes, as YAML.'],
  ['/.well-known/jwks.json', 'JWKS', 'The public keys that verify access tokens (JWKS).'],
  ['/readyz', 'Readiness', 'Whether PostgreSQL and Redis are available.'],
]);

/** Returns the sections of the first page. */
export const sectionsOf = (shown: Shown): readonly Section[] =>
  [
    { title: 'Explore', links: guidesOf(shown) },
    { title: 'Development', links: developmentPagesOf(shown) },
    { title: 'Machine-readable', links: documents },
  ].filter(({ links }) => links.length > 0);
