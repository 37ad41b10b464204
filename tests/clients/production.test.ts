import { expect, it } from 'vitest';
import { serviceUrl, signIn } from './service.ts';

it('runs in production mode, without GraphiQL and introspection', async () => {
  const { access } = await signIn();
  const response = await fetch(`${serviceUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access}` },
    body: JSON.stringify({ query: '{ __schema { queryType { name } } }' }),
  });
  expect(await response.json()).toMatchObject({
    errors: Array(2).fill({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
  });
});
