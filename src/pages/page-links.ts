import { existsSync } from 'node:fs';
import type { Config } from '../config/load-config.ts';

/** Whether the demo exists: the image does not contain it. */
export const hasDemo = existsSync(new URL('../../examples/web', import.meta.url));

/** Settings that decide which pages exist. */
export type Shown = Pick<Config, 'apiDocs' | 'console' | 'graphiql' | 'environment'>;

/** A link with a description in one sentence. */
export type Link = readonly [href: string, name: string, about: string, exists?: boolean];

const existing = (links: readonly Link[]) => links.filter(([, , , exists = true]) => exists);

/** Returns the pages that exist, by section. The header of each page links to them. */
export function pagesOf({ apiDocs, console, graphiql, environment }: Shown) {
  const isDevelopment = environment === 'development';
  return {
    Explore: existing([
      ['/graphql', 'GraphiQL', 'Run queries and mutations.', graphiql],
      ['/api/docs/', 'Swagger UI', 'Try each REST route.', apiDocs],
      ['/api/redoc/', 'ReDoc', 'Read about each REST route.', apiDocs],
      ['/problems', 'Problems', 'Every error, with its solution.'],
    ]),
    Development: existing([
      ['/inbox', 'Inbox', 'Every mail, with its code.', isDevelopment],
      ['/demo', 'Demo', 'A small frontend.', isDevelopment && hasDemo],
      ['/console', 'Console', 'Users, audit log, webhooks, API keys.', isDevelopment && console],
    ]),
  };
}

/** Documents for programs. */
export const documents: readonly Link[] = [
  ['/schema.graphql', 'GraphQL schema', 'For code generators.'],
  ['/openapi.json', 'OpenAPI, JSON', 'For code generators.'],
  ['/openapi.yaml', 'OpenAPI, YAML', 'The same, as YAML.'],
  ['/.well-known/jwks.json', 'JWKS', 'Keys that verify access tokens.'],
  ['/readyz', 'Readiness', 'State of PostgreSQL and Redis.'],
];
