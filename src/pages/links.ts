import type { Config } from '../config/load-config.ts';
import { hasDemo } from './demo.ts';

/** What decides which pages there are. */
export type Shown = Pick<Config, 'apiDocs' | 'graphiql' | 'environment' | 'publicUrl'>;

export interface Link {
  readonly href: string;
  readonly name: string;
  /** What is there, in one sentence. */
  readonly about: string;
}

export interface Section {
  readonly title: string;
  readonly links: readonly Link[];
}

/** Pages that explain the API, as far as they are switched on: the header of each page has them. */
export function guidesOf({ apiDocs, graphiql }: Shown): readonly Link[] {
  return [
    ...when(graphiql, {
      href: '/graphql',
      name: 'GraphiQL',
      about: 'Run queries and mutations. The tabs hold a whole sign-in.',
    }),
    ...when(
      apiDocs,
      {
        href: '/api/docs/',
        name: 'Swagger UI',
        about: 'Try each REST route. An access token is pasted once.',
      },
      {
        href: '/api/redoc/',
        name: 'ReDoc',
        about: 'Read the REST routes from top to bottom, with every answer.',
      },
    ),
    {
      href: '/problems',
      name: 'Problems',
      about: 'Each way in which a request is refused, and what to do then.',
    },
  ];
}

/** Pages that exist in development only. */
export function developmentPagesOf({ environment }: Shown): readonly Link[] {
  if (environment !== 'development') return [];
  return [
    { href: '/inbox', name: 'Inbox', about: 'The newest mails, each with its code.' },
    ...when(hasDemo, {
      href: '/demo',
      name: 'Demo',
      about: 'A small frontend that registers, signs in and renews its tokens.',
    }),
  ];
}

/** Returns the sections of the first page. */
export function sectionsOf(shown: Shown): readonly Section[] {
  const here = developmentPagesOf(shown);
  return [
    { title: 'Explore', links: guidesOf(shown) },
    ...when(here.length > 0, { title: 'On this machine', links: here }),
    {
      title: 'For programs',
      links: [
        {
          href: '/schema.graphql',
          name: 'GraphQL schema',
          about: 'Every operation and type, for code generators.',
        },
        { href: '/openapi.json', name: 'OpenAPI, JSON', about: 'The REST routes, for generators.' },
        { href: '/openapi.yaml', name: 'OpenAPI, YAML', about: 'The same, for people and diffs.' },
        {
          href: '/.well-known/jwks.json',
          name: 'Key set',
          about: 'The public keys that verify access tokens (JWKS).',
        },
        { href: '/readyz', name: 'Readiness', about: 'Whether PostgreSQL and Redis can be used.' },
      ],
    },
  ];
}

const when = <Item>(on: boolean, ...items: Item[]): Item[] => (on ? items : []);
