import type { GraphiQLOptions } from 'graphql-yoga';
import { signInTabs } from './tabs.ts';

const options: GraphiQLOptions = { title: 'Gatehouse', defaultTabs: signInTabs };

/** GraphiQL, as a script that fills the element `#root` of its page, and a style. */
export interface ExplorerFiles {
  readonly script: string;
  readonly style: string;
}

/** Reads GraphiQL: 9 MB, so only where somebody looks at it. */
export async function readExplorer(): Promise<ExplorerFiles> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL(options);
  return { script: partOf(page, 'script'), style: partOf(page, 'style') };
}

/** The page has one such element. Its script holds the text of the tag once more. */
function partOf(page: string, element: 'script' | 'style'): string {
  const tag = `<${element}>`;
  const end = element === 'script' ? page.lastIndexOf('</script>') : page.indexOf('</style>');
  return page.slice(page.indexOf(tag) + tag.length, end);
}
