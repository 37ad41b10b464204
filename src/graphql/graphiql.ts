import { createHash } from 'node:crypto';
import { type GraphiQLOptions, type Plugin, shouldRenderGraphiQL } from 'graphql-yoga';
import { signInTabs } from './tabs.ts';

const options: GraphiQLOptions = { title: 'Gatehouse', defaultTabs: signInTabs };

interface Page {
  readonly body: string;
  readonly contentSecurityPolicy: string;
}

/** Answers browsers with GraphiQL: one page with all that it needs, which talks to nobody else. */
export function explorer(): Plugin {
  let page: Promise<Page> | undefined;
  return {
    async onRequest({ request, endResponse, fetchAPI }) {
      if (!shouldRenderGraphiQL(request)) return;
      page ??= renderPage();
      const { body, contentSecurityPolicy } = await page;
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': contentSecurityPolicy,
      };
      endResponse(new fetchAPI.Response(body, { headers }));
    },
  };
}

async function renderPage(): Promise<Page> {
  // 9 MB of script: read only where somebody looks at it.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const body = renderGraphiQL(options);
  return { body, contentSecurityPolicy: policyFor(scriptOf(body)) };
}

/** The page has one script, and the text `<script>` once more inside it. */
function scriptOf(body: string): string {
  const tag = '<script>';
  return body.slice(body.indexOf(tag) + tag.length, body.lastIndexOf('</script>'));
}

/** This script runs and no other. Its editor, Monaco, writes styles and starts workers. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return (
    `default-src 'none'; script-src 'sha256-${hash}'; worker-src blob:; ` +
    "style-src 'unsafe-inline'; font-src data:; img-src data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  );
}
