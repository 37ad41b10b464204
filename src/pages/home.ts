import { html } from 'hono/html';
import type { Config } from '../config/load-config.ts';
import { inlineFile } from './assets.ts';
import { type HomeSample, highlight, readHomeSamples } from './home-samples.ts';
import type { Html, Page } from './layout.ts';
import { documents, type Link, pagesOf } from './page-links.ts';

const [style, script] = [inlineFile('home.css'), inlineFile('home.js')];

/**
 * Creates the home page: a sign-in to try, its code, and links to all pages. In production nobody can
 * sign in there: a public page that shows tokens would help to steal them.
 */
export function homePage(config: Config): Page {
  const isLive = config.environment === 'development';
  const samples = readHomeSamples(config.publicUrl);
  return {
    title: 'Gatehouse',
    policy: (nonce) => ({
      'script-src': `'nonce-${nonce}'`,
      ...(isLive && { 'connect-src': "'self'" }),
    }),
    head: (nonce) => html`<style nonce="${nonce}">${style}</style>`,
    content: (nonce) => html`<main class="home">
<div>
<h1>Sign-in for your applications</h1>
<p class="lead">Passwords, mailed codes, signed tokens, sessions and an audit log, over GraphQL and
REST, on your own server.</p>
<div class="start">
${isLive ? livePanel : ''}
<section class="code" aria-label="Code of a sign-in">
<div role="tablist" aria-label="Language" hidden>
${samples.map(({ id, name }) => html`<button type="button" role="tab" id="tab-${id}" aria-controls="${id}">${name}</button>`)}
</div>
${samples.map(sampleOf)}
</section>
</div>
</div>
<aside aria-label="Directory">
${Object.entries({ ...pagesOf(config), 'For programs': documents }).map(linksOf)}
</aside>
</main>
<script nonce="${nonce}">${script}</script>`,
  };
}

/** A panel that requests a code, redeems it and shows the token. */
const livePanel = html`<section class="live" aria-labelledby="live">
<h2 id="live">Try it here</h2>
<p>This panel needs JavaScript. The commands of curl do the same.</p>
<ol hidden>
<li>
<h3>Request a code</h3>
<form name="request" novalidate><fieldset>
<label>E-mail address <input name="email" type="email" autocomplete="email" value="ada@example.com"></label>
<button type="submit" class="primary">Send code</button>
</fieldset><p class="problem" role="alert"></p></form>
</li>
<li>
<h3>Paste it</h3>
<form name="verify" novalidate><fieldset disabled>
<p>The mail is in the <a href="/inbox" target="_blank" rel="noopener">inbox</a>.</p>
<label>Code <input name="otp" class="digits" inputmode="numeric" autocomplete="one-time-code" spellcheck="false"></label>
<button type="submit" class="primary">Sign in</button>
</fieldset><p class="problem" role="alert"></p></form>
</li>
<li>
<h3>Get the tokens</h3>
<form name="tokens"><p>The claims of your access token appear here.</p><fieldset hidden>
<p>Claims of the access token:</p>
<pre tabindex="-1"></pre>
<p>Refresh token: <code></code>, kept in this page only</p>
<button type="button">Copy access token</button>
<button type="submit">Log out</button>
</fieldset><p class="problem" role="alert"></p></form>
</li>
</ol>
</section>`;

const sampleOf = ({ id, name, code }: HomeSample): Html => html`<div id="${id}">
<h2>${name}</h2>
<pre tabindex="0">${highlight(code)}</pre>
<button type="button" class="copy" hidden>Copy</button>
</div>`;

function linksOf([title, links]: readonly [string, readonly Link[]]): Html | '' {
  if (links.length === 0) return '';
  return html`<section>
<h2>${title}</h2>
<ul>
${links.map(([href, name, about]) => html`<li><a href="${href}">${name}</a> <span>${about}</span></li>`)}
</ul>
</section>`;
}
