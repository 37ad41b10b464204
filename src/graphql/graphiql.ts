import { readFileSync } from 'node:fs';

const bearer = { Authorization: 'Bearer <the accessToken of the second tab>' };

/** Examples in the tabs of GraphiQL: the sign-in, step by step. Blank lines separate them. */
export const graphiqlExamples = readFileSync(
  new URL('./graphiql-examples.graphql', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n\n')
  .map((query) => ({
    query,
    ...(query.includes('"Headers" tab') && { headers: JSON.stringify(bearer, null, 2) }),
  }));

/**
 * Reads GraphiQL: a script that fills the element `#root` of its page, and a style. Call it on first
 * use only, because it has 9 MB.
 */
export async function readExplorer(): Promise<{ script: string; style: string }> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({ title: 'Gatehouse', defaultTabs: graphiqlExamples });
  // Each tag occurs once, but the script contains their text again.
  const inside = (tag: string, end: number) => page.slice(page.indexOf(tag) + tag.length, end);
  return {
    script: inside('<script>', page.lastIndexOf('</script>')),
    style: inside('<style>', page.indexOf('</style>')),
  };
}
