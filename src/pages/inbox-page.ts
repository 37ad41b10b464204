import { html } from 'hono/html';
import { inlineFile } from './assets.ts';
import type { Html, Page } from './layout.ts';

/** A mail in the inbox. */
export interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: string;
  readonly text: string;
  readonly html: string;
  readonly code: string | null;
}

const script = inlineFile('inbox.js');

/** Shows mails, newest first. New ones appear while the page is open. */
export const inboxPage = (mails: readonly InboxMail[]): Page => ({
  title: 'Gatehouse · Inbox',
  policy: (nonce) => ({
    'script-src': `'nonce-${nonce}'`,
    'connect-src': "'self'",
    // Each preview is a document with a policy of its own, in a sandbox.
    'frame-src': "'self'",
  }),
  content: (nonce) => html`<main class="inbox">
<h1>Inbox</h1>
<p class="lead">The latest mails from this Gatehouse. New mails appear automatically.</p>
<label>Filter by address <input type="search" id="filter" autocomplete="off" placeholder="ada@example.com"></label>
<div id="mails">
${mails.map(mailArticle)}
</div>
<p id="none" role="status"></p>
</main>
<script nonce="${nonce}">${script}</script>`,
});

/** Shows a mail, with its code below the subject instead of in it. */
const mailArticle = ({ id, to, subject, sentAt, text, code }: InboxMail): Html =>
  html`<article id="mail-${id}" data-to="${to}">
<h2>${subject.replace(code ?? '', '').replace(/\s*:\s*$/, '')}</h2>
<p class="envelope">to ${to} · <time datetime="${sentAt}">${sentAt}</time></p>
${code && html`<p class="code"><code>${code}</code> <button type="button" data-code="${code}">Copy</button></p>`}
<details>
<summary>Preview</summary>
<iframe src="/inbox/${id}" title="HTML of: ${subject}" sandbox loading="lazy"></iframe>
</details>
<details>
<summary>Plain text</summary>
<pre>${text}</pre>
</details>
</article>
`;
