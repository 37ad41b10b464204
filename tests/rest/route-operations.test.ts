import { expect, it } from 'vitest';
import { readOperation } from '#src/graphql/in-process.ts';
import { routes } from '#src/rest/rest-routes.ts';

it.each(routes.map(({ method, path, operation }) => [`${method} ${path}`, operation]))(
  'has an operation that fits the schema for %s',
  (_, operation) => {
    expect(readOperation(operation).definition.operation).toMatch(/^(query|mutation)$/);
  },
);
