import type { GraphiQLOptions } from 'graphql-yoga';
import { signInTabs } from './graphiql-examples.ts';

const options: GraphiQLOptions = { title: 'Gatehouse', defaultTabs: signInTabs };

/** GraphiQL, as a script that fills the element `#root` of its page, and a style. */
export interface ExplorerFiles {
  readonly script: string;
  readonly style: string;
}

/** Reads GraphiQL. Call it on first use only, because it has 9 MB. */
export async function readExplorer(): Promise<ExplorerFiles> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL(options);
  return { script: partOf(page, 'script'), style: partOf(page, 'style') };
}

/** Returns the content of the only such element. Its script contains the text of the tag again. */
function partOf(page: string, element: 'script' | 'style'): string {
  const tag = `<${element}>`;
  const end = element === 'script' ? page.lastIndexOf('</script>') : page.indexOf('</style>');
  return page.slice(page.indexOf(tag) + tag.length, end);
}
