import { html } from 'hono/html';
import type { Html, Page } from './layout.ts';

/** A mail as the inbox shows it. */
export interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: string;
  readonly text: string;
  readonly html: string;
  readonly code: string | null;
}

/** The newest mails, newest first. New ones appear while the page is open. */
export function inboxPage(mails: readonly InboxMail[]): Page {
  return {
    title: 'Gatehouse · Inbox',
    policy: (nonce) => ({
      'script-src': `'nonce-${nonce}'`,
      'connect-src': "'self'",
      // Each preview is a document with a policy of its own, in a sandbox.
      'frame-src': "'self'",
    }),
    content: (nonce) => html`<main class="inbox">
<h1>Inbox</h1>
<p class="lead">The newest mails that this Gatehouse has sent. New ones appear automatically.</p>
<label>Filter by address <input type="search" id="filter" autocomplete="off" placeholder="ada@example.com"></label>
<div id="mails">
${mails.map(mailArticle)}
</div>
<p id="none" role="status"></p>
</main>
<script nonce="${nonce}">${script}</script>`,
  };
}

const mailArticle = ({ id, to, subject, sentAt, text, code }: InboxMail): Html =>
  html`<article id="mail-${id}" data-to="${to}">
<h2>${subject}</h2>
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

/** Filters, tells times relative to now, copies codes, and fetches new mails every two seconds. */
const script = html`
  const filter = document.getElementById('filter');
  const list = document.getElementById('mails');
  const none = document.getElementById('none');
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

  function ago(date) {
    const seconds = Math.round((date - Date.now()) / 1000);
    if (seconds > -5) return 'just now';
    const [unit, length] = units.find(([, length]) => -seconds >= length);
    return relative.format(Math.trunc(seconds / length), unit);
  }
  function update() {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const mail of list.children) {
      mail.hidden = !mail.dataset.to.includes(wanted);
      if (!mail.hidden) shown += 1;
      const time = mail.querySelector('time');
      const date = new Date(time.dateTime);
      time.textContent = ago(date);
      time.title = date.toLocaleString();
    }
    none.textContent = shown > 0 ? '' : wanted ? 'No mail to such an address.' : 'No mail yet.';
  }
  async function refresh() {
    const answer = await fetch('/inbox', { headers: { accept: 'text/html' } });
    if (!answer.ok) return;
    // Uses the list only: the new page's style has a nonce that this page's policy does not allow.
    const text = await answer.text();
    const mails = text.slice(text.indexOf('<article'), text.indexOf('<p id="none"'));
    const page = new DOMParser().parseFromString(mails, 'text/html');
    const added = [...page.querySelectorAll('article')].filter(({ id }) => !document.getElementById(id));
    list.prepend(...added);
    update();
  }

  filter.value = new URLSearchParams(location.search).get('to') ?? '';
  filter.addEventListener('input', () => {
    const query = filter.value ? '?' + new URLSearchParams({ to: filter.value }) : '';
    history.replaceState(null, '', location.pathname + query);
    update();
  });
  document.addEventListener('click', async ({ target }) => {
    if (!target.dataset.code) return;
    await navigator.clipboard.writeText(target.dataset.code);
    target.textContent = 'Copied';
    setTimeout(() => { target.textContent = 'Copy'; }, 2000);
  });
  update();
  setInterval(() => refresh().catch(() => undefined), 2000);
`;
